import { judge } from "../../src/core/delivery.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Report } from "../../src/core/report.ts";
import type { Claim, EndedClaim } from "../../src/store/store.ts";
import { NOW } from "./work.ts";

/** A claim that ends with an outcome, judged as the deliver step does it; throws when there is no claim. */
export function ended(
  claim: Claim | undefined,
  outcome: Outcome,
  now = NOW,
  reports: readonly Report[] = [],
): EndedClaim {
  if (claim === undefined) throw new Error("There is no claim to end.");
  const settlement = judge(outcome, {
    ...claim,
    now,
    random: 0.5,
    giveUpAfterMs: 1_000_000_000,
    paceMs: 1_000,
    onUnknown: "retry",
  });
  const attempt = {
    outcome: outcome.kind,
    reason: outcome.kind === "delivered" ? null : outcome.reason,
    endedAt: now,
    template: "default",
    templateError: null,
    reports,
  };
  return { claim, settlement, attempt };
}

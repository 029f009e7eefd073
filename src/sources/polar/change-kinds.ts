import type { ToldKind } from "../source.ts";

const DIFFERENCE = ["fields", "before", "after"] as const;

/** The kinds of change that a customer's state can tell, with what each carries. */
export const CHANGE_KINDS: readonly ToldKind[] = [
  { kind: "customer.created", carries: [] },
  { kind: "customer.first_seen", carries: [] },
  { kind: "customer.updated", carries: DIFFERENCE },
  { kind: "customer.deleted", carries: [] },
  { kind: "subscription.started", carries: ["subscription"] },
  { kind: "subscription.ended", carries: ["subscription"] },
  { kind: "subscription.plan_changed", carries: ["subscription", ...DIFFERENCE] },
  { kind: "subscription.amount_changed", carries: ["subscription", ...DIFFERENCE] },
  { kind: "subscription.seats_changed", carries: ["subscription", ...DIFFERENCE] },
  { kind: "subscription.renewed", carries: ["subscription", ...DIFFERENCE] },
  { kind: "subscription.trial_converted", carries: ["subscription", ...DIFFERENCE] },
  { kind: "subscription.cancellation_scheduled", carries: ["subscription", ...DIFFERENCE] },
  { kind: "subscription.cancellation_reverted", carries: ["subscription", ...DIFFERENCE] },
  { kind: "benefit.granted", carries: ["benefit"] },
  { kind: "benefit.revoked", carries: ["benefit"] },
  {
    kind: "meter.depleted",
    carries: ["meter", ...DIFFERENCE],
    needs: { setting: "meters", values: ["depleted", "all"] },
  },
  {
    kind: "meter.changed",
    carries: ["meter", ...DIFFERENCE],
    needs: { setting: "meters", values: ["all"] },
  },
];

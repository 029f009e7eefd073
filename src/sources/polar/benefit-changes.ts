import type { Benefit, Change } from "../../core/change.ts";
import { change } from "../../core/change.ts";
import type { Names } from "./names.ts";
import { benefitName } from "./names.ts";
import type { KeptGrant } from "./snapshot.ts";

/** A benefit that the customer was given. */
export function granted(grant: KeptGrant, names: Names): Change {
  const benefit = show(grant, names);
  return change({
    kind: "benefit.granted",
    tone: "info",
    summary: `Benefit granted: ${benefit.name}.`,
    benefit,
  });
}

/** A benefit that the customer no longer has. */
export function revoked(grant: KeptGrant, names: Names): Change {
  const benefit = show(grant, names);
  return change({
    kind: "benefit.revoked",
    tone: "info",
    summary: `Benefit revoked: ${benefit.name}.`,
    benefit,
  });
}

/** The benefit's own id, which is what a config can name; grants of one benefit have one each. */
function show({ benefit_id, type }: KeptGrant, names: Names): Benefit {
  return { id: benefit_id, name: benefitName(benefit_id, type, names), type };
}

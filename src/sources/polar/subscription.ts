import type { Change, Subscription } from "../../core/change.ts";
import { longDate } from "../../core/date.ts";
import type { Names } from "./names.ts";
import { productName } from "./names.ts";
import type { KeptSubscription } from "./snapshot.ts";

/** A subscription as routes and templates see it: named, and with the end that is in sight. */
export function show(kept: KeptSubscription, names: Names): Subscription {
  const { created_at: _, cancel_at_period_end: __, ...same } = kept;
  const { started_at = null, trial_end = null, seats = null, units = null } = kept;
  return {
    ...same,
    name: productName(kept.product_id, names),
    started_at,
    ends_at: endOf(kept),
    trial_end,
    seats,
    units,
    discount_id: kept.discount_id ?? null,
  };
}

const SOMETIMES_SENT = ["started_at", "trial_end", "seats", "units", "discount_id"] as const;

/** What a subscription was, with what is only sent now, or no longer, as it is: that is no change. */
export function asComparable(before: KeptSubscription, after: KeptSubscription): KeptSubscription {
  const unknown = SOMETIMES_SENT.filter(
    (field) => before[field] === undefined || after[field] === undefined,
  );
  return { ...before, ...Object.fromEntries(unknown.map((field) => [field, after[field]])) };
}

/** Whether a subscription is set to end. */
export function isEnding(kept: KeptSubscription): boolean {
  return kept.cancel_at_period_end || kept.ends_at !== null;
}

/** When a scheduled cancellation takes effect. */
function endOf(kept: KeptSubscription): string | null {
  return isEnding(kept) ? (kept.ends_at ?? kept.period_end) : null;
}

/** When a subscription is set to end, as the end of a sentence; nothing where that is open. */
export function onDate(kept: KeptSubscription): string {
  const end = endOf(kept);
  return end === null ? "" : ` on ${longDate(end)}`;
}

/** The fields of a subscription whose changes are told. */
type Comparable = Exclude<keyof Subscription, "metadata">;

/** Those of the fields that differ, with what they were and what they are. */
export function differing(
  was: Subscription,
  is: Subscription,
  candidates: readonly Comparable[],
): Pick<Change, "fields" | "before" | "after"> {
  const fields = candidates.filter((field) => was[field] !== is[field]);
  return {
    fields,
    before: Object.fromEntries(fields.map((field) => [field, was[field]])),
    after: Object.fromEntries(fields.map((field) => [field, is[field]])),
  };
}

import type { Change, Meter } from "../../core/change.ts";
import { change } from "../../core/change.ts";
import { listDifference } from "../list-difference.ts";
import type { PolarConfig } from "./config.ts";
import { meterName } from "./names.ts";
import type { KeptMeter } from "./snapshot.ts";

/** The changes of usage meters, as far as the config asks for them; none unless it does. */
export function meterChanges(
  before: readonly KeptMeter[],
  after: readonly KeptMeter[],
  { meters, names }: PolarConfig,
): Change[] {
  if (meters === "none") return [];
  const { kept, added } = listDifference(before, after, (meter) => meter.id);
  const pairs = [...kept, ...added.map((meter) => [untouched(meter), meter] as const)];
  return pairs.flatMap(([was, is]) => {
    const meter = { ...is, name: meterName(is.id, names) };
    if (was.balance > 0 && is.balance <= 0) return [depleted(was, meter)];
    return meters === "all" && measures(was, is).length > 0 ? [changed(was, meter)] : [];
  });
}

/** A meter that was not there before, as it was. */
function untouched({ id }: KeptMeter): KeptMeter {
  return { id, consumed: 0, credited: 0, balance: 0 };
}

function depleted(was: KeptMeter, meter: Meter): Change {
  return change({
    kind: "meter.depleted",
    tone: "warning",
    summary: `No balance is left on ${meter.name}: ${units(meter.consumed)} used of ${units(meter.credited)} credited.`,
    meter,
    ...differing(was, meter),
  });
}

function changed(was: KeptMeter, meter: Meter): Change {
  const summary =
    was.balance === meter.balance
      ? `The balance of ${meter.name} is still ${units(meter.balance)}: ${units(meter.consumed)} used of ${units(meter.credited)} credited.`
      : `The balance of ${meter.name} went from ${units(was.balance)} to ${units(meter.balance)}.`;
  return change({ kind: "meter.changed", tone: "info", summary, meter, ...differing(was, meter) });
}

function measures(was: KeptMeter, is: KeptMeter) {
  return (["consumed", "credited", "balance"] as const).filter((field) => was[field] !== is[field]);
}

function differing(was: KeptMeter, is: KeptMeter): Pick<Change, "fields" | "before" | "after"> {
  const fields = measures(was, is);
  return {
    fields,
    before: Object.fromEntries(fields.map((field) => [field, was[field]])),
    after: Object.fromEntries(fields.map((field) => [field, is[field]])),
  };
}

function units(amount: number): string {
  return amount.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

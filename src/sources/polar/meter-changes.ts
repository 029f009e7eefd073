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
  const isNew = new Set(added.map(({ id }) => id));
  return pairs.flatMap(([was, is]) => {
    const meter = { ...is, name: meterName(is.id, names) };
    const hadSome = isNew.has(is.id) ? is.credited > 0 : was.balance > 0;
    if (hadSome && is.balance <= 0) return [depleted(was, meter)];
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
  const [from, to] = apart(was.balance, meter.balance);
  const summary =
    was.balance === meter.balance
      ? `The balance of ${meter.name} is still ${to}: ${units(meter.consumed)} used of ${units(meter.credited)} credited.`
      : `The balance of ${meter.name} went from ${from} to ${to}.`;
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

/** Both amounts, with as many digits as it takes to tell them apart. */
function apart(a: number, b: number): readonly [string, string] {
  const most = 20;
  for (let digits = 2; digits < most; digits++) {
    const [from, to] = [units(a, digits), units(b, digits)];
    if (from !== to || a === b) return [from, to];
  }
  return [units(a, most), units(b, most)];
}

function units(amount: number, maximumFractionDigits = 2): string {
  return amount.toLocaleString("en-US", { maximumFractionDigits });
}

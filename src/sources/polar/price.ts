import { formatMoney } from "../../core/money.ts";

/** What a price is made of; the amount in minor currency units. */
export interface Price {
  readonly amount: number;
  readonly currency: string;
  readonly interval: string;
}

/** A price on its own: `$49.00 per month`, or `free`. */
export function price({ amount, currency, interval }: Price): string {
  return amount === 0 ? "free" : `${formatMoney(amount, currency)} per ${interval}`;
}

/** Two prices with what stands between them, the interval named once where it is the same; one may be `free`. */
export function pricePair(before: Price, after: Price, between: string): string {
  if ((before.amount === 0) !== (after.amount === 0))
    return `${price(before)}${between}${price(after)}`;
  const [from, to] = [before, after].map((one) => formatMoney(one.amount, one.currency));
  return before.interval === after.interval
    ? `${from}${between}${to} per ${after.interval}`
    : `${from} per ${before.interval}${between}${to} per ${after.interval}`;
}

/** Whether two prices differ. */
export function isRepriced(before: Price, after: Price): boolean {
  return before.amount !== after.amount || !isComparable(before, after);
}

/** Above 0 when the price rose, below 0 when it fell, 0 when it did neither or the two cannot be compared. */
export function priceRise(before: Price, after: Price): number {
  return isComparable(before, after) ? after.amount - before.amount : 0;
}

function isComparable(before: Price, after: Price): boolean {
  return before.currency === after.currency && before.interval === after.interval;
}

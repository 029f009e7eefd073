import type { Change, Subscription, Tone } from "../../core/change.ts";
import { change } from "../../core/change.ts";
import { isRepriced, price, pricePair, priceRise } from "./price.ts";
import { differing } from "./subscription.ts";

const TERMS = [
  "name",
  "product_id",
  "seats",
  "units",
  "amount",
  "currency",
  "interval",
  "discount_id",
] as const;

/** What is paid for and how much, told once: a new plan has its own price, and so have more seats. */
export function termsChanged(was: Subscription, is: Subscription): Change | undefined {
  const told = planChanged(was, is) ?? seatsChanged(was, is) ?? amountChanged(was, is);
  if (told === undefined) return undefined;
  return change({ ...told, subscription: is, ...differing(was, is, TERMS) });
}

type Told = Pick<Change, "kind" | "tone" | "summary">;

function planChanged(was: Subscription, is: Subscription): Told | undefined {
  if (was.product_id === is.product_id) return undefined;
  const rise = priceRise(was, is);
  const prices = isRepriced(was, is) ? pricePair(was, is, " → ") : price(is);
  const seats = sizes(was, is).map((size) => ` ${size.noun} went from ${size.from} to ${size.to}.`);
  return {
    kind: "subscription.plan_changed",
    tone: toneOf(rise),
    summary: `${movement(rise)} from ${was.name} to ${is.name} (${prices}).${seats.join("")}`,
  };
}

function movement(rise: number): string {
  if (rise === 0) return "Switched";
  return rise > 0 ? "Upgraded" : "Downgraded";
}

function seatsChanged(was: Subscription, is: Subscription): Told | undefined {
  const [first, second] = sizes(was, is);
  if (first === undefined) return undefined;
  const also =
    second === undefined
      ? ""
      : `, and ${second.noun.toLowerCase()} from ${second.from} to ${second.to}`;
  const prices = isRepriced(was, is) ? ` (${pricePair(was, is, " → ")})` : "";
  return {
    kind: "subscription.seats_changed",
    tone: toneOf(first.rise),
    summary: `${first.noun} of ${is.name} went from ${first.from} to ${first.to}${also}${prices}.`,
  };
}

interface Size {
  readonly noun: string;
  readonly from: string;
  readonly to: string;
  readonly rise: number;
}

/** The measures of a subscription that differ, seats first. */
function sizes(was: Subscription, is: Subscription): Size[] {
  return (["seats", "units"] as const)
    .filter((key) => was[key] !== is[key])
    .map((key) => ({
      noun: key === "seats" ? "Seats" : "Units",
      from: count(was[key]),
      to: count(is[key]),
      rise: (is[key] ?? 0) - (was[key] ?? 0),
    }));
}

function count(size: number | null): string {
  return size === null ? "none" : size.toLocaleString("en-US");
}

function amountChanged(was: Subscription, is: Subscription): Told | undefined {
  const isDiscounted = was.discount_id !== is.discount_id;
  if (isRepriced(was, is))
    return {
      kind: "subscription.amount_changed",
      tone: toneOf(priceRise(was, is)),
      summary: `The price of ${is.name} went from ${pricePair(was, is, " to ")}.${isDiscounted ? ` ${discountSentence(was, is)}` : ""}`,
    };
  if (!isDiscounted) return undefined;
  return {
    kind: "subscription.amount_changed",
    tone: "info",
    summary: discountSentence(was, is),
  };
}

function discountSentence(was: Subscription, is: Subscription): string {
  if (was.discount_id === null) return `A discount was added to ${is.name}.`;
  return `The discount on ${is.name} was ${is.discount_id === null ? "removed" : "replaced"}.`;
}

function toneOf(rise: number): Tone {
  if (rise === 0) return "info";
  return rise > 0 ? "good" : "warning";
}

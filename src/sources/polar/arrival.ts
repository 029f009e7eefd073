import type { Change } from "../../core/change.ts";
import { change } from "../../core/change.ts";
import { joinWords } from "../sentence.ts";
import { granted } from "./benefit-changes.ts";
import { isFresh } from "./fresh.ts";
import type { Names } from "./names.ts";
import { benefitName, productName } from "./names.ts";
import { price } from "./price.ts";
import type { KeptState, KeptSubscription } from "./snapshot.ts";
import { started } from "./subscription-changes.ts";

/**
 * The changes of a customer of whom nothing was known: created, if that was just before the event, else first seen;
 * and of what is active, only what has just begun.
 */
export function arrival(
  createdAt: string | null,
  state: KeptState,
  time: string,
  names: Names,
): Change[] {
  const subscriptions = state.subscriptions.filter((one) => isFresh(one.created_at, time));
  const grants = state.grants.filter((one) => isFresh(one.granted_at, time));
  return [
    isFresh(createdAt, time) ? created() : firstSeen(state, names),
    ...subscriptions.map((one) => started(one, names)),
    ...grants.map((one) => granted(one, names)),
  ];
}

function created(): Change {
  return change({
    kind: "customer.created",
    tone: "good",
    summary: "The customer was created.",
  });
}

function firstSeen(state: KeptState, names: Names): Change {
  const active = [
    ...state.subscriptions.map((one) => describeSubscription(one, names)),
    ...describeGrants(state, names),
  ];
  return change({
    kind: "customer.first_seen",
    tone: "info",
    summary: `The customer was seen for the first time, with ${active.length === 0 ? "nothing active" : joinWords(active)}.`,
  });
}

function describeSubscription(subscription: KeptSubscription, names: Names): string {
  const sort = subscription.status === "trialing" ? "a trial of" : "an active subscription to";
  return `${sort} ${productName(subscription.product_id, names)} (${price(subscription)})`;
}

function describeGrants({ grants }: KeptState, names: Names): readonly string[] {
  if (grants.length === 0) return [];
  const benefits = new Set(grants.map((one) => benefitName(one.benefit_id, one.type, names)));
  return [`the ${benefits.size === 1 ? "benefit" : "benefits"} ${joinWords([...benefits])}`];
}

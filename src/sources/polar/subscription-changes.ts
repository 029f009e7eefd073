import type { Change, Subscription } from "../../core/change.ts";
import { change } from "../../core/change.ts";
import { longDate } from "../../core/date.ts";
import { compareTimes } from "../instant.ts";
import type { Names } from "./names.ts";
import { price } from "./price.ts";
import type { KeptSubscription } from "./snapshot.ts";
import { termsChanged } from "./subscription-terms.ts";
import { asComparable, differing, isEnding, onDate, show } from "./subscription.ts";

/** A subscription that came to be active; `isAgain` when it is an older one that was not active before. */
export function started(kept: KeptSubscription, names: Names, isAgain = false): Change {
  const subscription = show(kept, names);
  return change({
    kind: "subscription.started",
    tone: "good",
    summary: `${startSentence(subscription, isAgain)}${endSentence("is", kept)}`,
    subscription,
  });
}

function startSentence(subscription: Subscription, isAgain: boolean): string {
  const { name, status, trial_end } = subscription;
  if (isAgain) return `The subscription to ${name} is active again (${price(subscription)}).`;
  if (status !== "trialing") return `Subscribed to ${name} ${forPrice(subscription)}.`;
  const until = trial_end === null ? "" : ` until ${longDate(trial_end)}`;
  return `Started a trial of ${name}${until} (then ${price(subscription)}).`;
}

/** A subscription that left the list of active ones; Polar does not say why. */
export function ended(kept: KeptSubscription, names: Names): Change {
  const subscription = show(kept, names);
  return change({
    kind: "subscription.ended",
    tone: "bad",
    summary: `The subscription to ${subscription.name} is no longer active.${endSentence("was", kept)}`,
    subscription,
  });
}

/** The changes of a subscription that was active before and still is. */
export function subscriptionChanges(
  known: KeptSubscription,
  after: KeptSubscription,
  names: Names,
): Change[] {
  const before = asComparable(known, after);
  const [was, is] = [show(before, names), show(after, names)];
  return [
    trialConverted(was, is),
    termsChanged(was, is),
    endChanged(before, after, was, is),
    renewed(was, is),
  ].filter((one) => one !== undefined);
}

function trialConverted(was: Subscription, is: Subscription): Change | undefined {
  if (!isConversion(was, is)) return undefined;
  return change({
    kind: "subscription.trial_converted",
    tone: "good",
    summary: `The trial of ${was.name} became a subscription ${toPlan(was, is)}${forPrice(is)}.`,
    subscription: is,
    ...differing(was, is, ["status"]),
  });
}

/** The plan, where it is another than that of the trial. */
function toPlan(was: Subscription, is: Subscription): string {
  return was.product_id === is.product_id ? "" : `to ${is.name} `;
}

function isConversion(was: Subscription, is: Subscription): boolean {
  return was.status === "trialing" && is.status === "active";
}

function endChanged(
  before: KeptSubscription,
  after: KeptSubscription,
  was: Subscription,
  is: Subscription,
): Change | undefined {
  if (isEnding(before) === isEnding(after)) return endMoved(was, is);
  const told: Pick<Change, "kind" | "tone" | "summary"> = isEnding(after)
    ? {
        kind: "subscription.cancellation_scheduled",
        tone: "warning",
        summary: `The subscription to ${is.name} is set to end${onDate(after)}.`,
      }
    : {
        kind: "subscription.cancellation_reverted",
        tone: "good",
        summary: `The subscription to ${is.name} is no longer set to end${onDate(before)}.`,
      };
  return change({ ...told, subscription: is, ...differing(was, is, ["ends_at"]) });
}

/** Another day for an end that was in sight already. */
function endMoved(was: Subscription, is: Subscription): Change | undefined {
  if (was.ends_at === null || is.ends_at === null) return undefined;
  const [from, to] = [longDate(was.ends_at), longDate(is.ends_at)];
  if (from === to) return undefined;
  return change({
    kind: "subscription.cancellation_scheduled",
    tone: "warning",
    summary: `The subscription to ${is.name} is now set to end on ${to} instead of ${from}.`,
    subscription: is,
    ...differing(was, is, ["ends_at"]),
  });
}

function renewed(was: Subscription, is: Subscription): Change | undefined {
  const isLater = compareTimes(is.period_start, was.period_start) > 0;
  if (!isLater || isConversion(was, is) || !isNextPeriod(was, is)) return undefined;
  const until = is.period_end === null ? "" : ` until ${longDate(is.period_end)}`;
  return change({
    kind: "subscription.renewed",
    tone: "info",
    summary: `The subscription to ${is.name} was renewed${until} ${forPrice(is)}.`,
    subscription: is,
    ...differing(was, is, ["period_start", "period_end"]),
  });
}

/** A new plan or interval may begin a period of its own before the old one is over: that is no renewal. */
function isNextPeriod(was: Subscription, is: Subscription): boolean {
  if (was.product_id === is.product_id && was.interval === is.interval) return true;
  return was.period_end !== null && compareTimes(is.period_start, was.period_end) >= 0;
}

function forPrice(subscription: Subscription): string {
  return `for ${price(subscription)}`;
}

function endSentence(verb: "is" | "was", kept: KeptSubscription): string {
  return isEnding(kept) ? ` It ${verb} set to end${onDate(kept)}.` : "";
}

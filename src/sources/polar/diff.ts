import type { Change } from "../../core/change.ts";
import { compareTimes } from "../instant.ts";
import { listDifference } from "../list-difference.ts";
import { granted, revoked } from "./benefit-changes.ts";
import type { PolarConfig } from "./config.ts";
import { customerDeleted, customerUpdated } from "./customer-changes.ts";
import { isFresh } from "./fresh.ts";
import { meterChanges } from "./meter-changes.ts";
import type { Names } from "./names.ts";
import type { KeptState, KeptSubscription } from "./snapshot.ts";
import { ended, started, subscriptionChanges } from "./subscription-changes.ts";

/** The time between two states. */
interface Span {
  readonly since: string;
  readonly until: string;
}

/** The changes from one state of a customer to a later one; empty when nothing that we report differs. */
export function diff(
  before: KeptState,
  after: KeptState,
  span: Span,
  settings: PolarConfig,
): Change[] {
  const { names } = settings;
  const subscriptions = listDifference(before.subscriptions, after.subscriptions, idOf);
  const grants = listDifference(before.grants, after.grants, idOf);
  return [
    ...customerUpdated(before.customer, after.customer),
    ...subscriptions.removed.map((one) => ended(one, names)),
    ...subscriptions.added.map((one) => started(one, names, isReturning(one, span))),
    ...subscriptions.kept.flatMap(([was, is]) => subscriptionChanges(was, is, names)),
    ...grants.removed.map((one) => revoked(one, names)),
    ...grants.added.map((one) => granted(one, names)),
    ...meterChanges(before.meters, after.meters, settings),
  ];
}

/** Begun before the last state, in which it was not active. */
function isReturning({ created_at, started_at }: KeptSubscription, span: Span): boolean {
  return isOlder(created_at, span) && isOlder(started_at ?? null, span);
}

/** Before the last state; a first payment may take a moment longer than that. */
function isOlder(cameAbout: string | null, { since, until }: Span): boolean {
  return cameAbout !== null && compareTimes(cameAbout, since) < 0 && !isFresh(cameAbout, until);
}

/**
 * The changes of a customer's deletion: all that was active is over, also what the last state still lists, as none
 * comes after it. Nothing but the deletion is told of a customer of whom nothing was known.
 */
export function departure(before: KeptState | undefined, names: Names): Change[] {
  return [
    customerDeleted(),
    ...(before?.subscriptions ?? []).map((one) => ended(one, names)),
    ...(before?.grants ?? []).map((one) => revoked(one, names)),
  ];
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

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

/** Older than the last state, in which it was not active; a first payment may take a moment longer than that. */
function isReturning({ created_at }: KeptSubscription, { since, until }: Span): boolean {
  return compareTimes(created_at, since) < 0 && !isFresh(created_at, until);
}

/** The changes of a customer's deletion; nothing is told of a customer of whom nothing was known but that. */
export function departure(before: KeptState | undefined, after: KeptState, names: Names): Change[] {
  const subscriptions = listDifference(before?.subscriptions ?? [], after.subscriptions, idOf);
  const grants = listDifference(before?.grants ?? [], after.grants, idOf);
  return [
    customerDeleted(),
    ...subscriptions.removed.map((one) => ended(one, names)),
    ...grants.removed.map((one) => revoked(one, names)),
  ];
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

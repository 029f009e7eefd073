import { byWeight } from "../../core/change.ts";
import type { SourceEvent } from "../../core/event.ts";
import { compareTimes } from "../instant.ts";
import { conform } from "../payload.ts";
import { received } from "../received.ts";
import type { Comparison, Snapshot } from "../source.ts";
import { arrival } from "./arrival.ts";
import type { PolarConfig } from "./config.ts";
import { departure, diff } from "./diff.ts";
import { STATE_CHANGED, StateChanged } from "./schema.ts";
import { keep, recall, snapshotOf, tombstone } from "./snapshot.ts";

/**
 * What a Polar event changed. A state comes whole and without a cause, so it is compared with the one before it;
 * events of other types are told as received, and leave the snapshot alone. After a deletion nothing more is told.
 * Throws a `PayloadError` when a state is not of its schema.
 */
export function compare(
  event: SourceEvent,
  before: Snapshot | undefined,
  settings: PolarConfig,
): Comparison {
  const known = recall(before);
  const isGone = known === "deleted";
  if (event.type !== STATE_CHANGED)
    return { isStale: false, changes: isGone ? [] : [received(event.type)] };

  const { data } = conform(StateChanged, event.payload);
  const { time } = event;
  const isOlder = before !== undefined && compareTimes(time, before.time) <= 0;
  // A deletion is final, so it is told even when a newer state overtook it.
  const isNewlyGone = data.isDeleted && !isGone;
  if (isOlder && !isNewlyGone) return { isStale: true };
  const latest = isOlder ? before.time : time;
  if (isGone) return { isStale: false, changes: [], snapshot: tombstone(latest) };

  if (isNewlyGone) {
    const changes = departure(known === "unreadable" ? undefined : known, settings.names);
    return { isStale: false, changes: byWeight(changes), snapshot: tombstone(latest) };
  }
  const state = keep(data);
  const snapshot = snapshotOf(time, state);
  // Nothing can be said of a state of another version, and it is no first sight either.
  if (known === "unreadable") return { isStale: false, changes: [], snapshot };
  const changes =
    before === undefined || known === undefined
      ? arrival(data.created_at, state, time, settings.names)
      : diff(known, state, { since: before.time, until: time }, settings);
  return { isStale: false, changes: byWeight(changes), snapshot };
}

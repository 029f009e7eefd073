import type { TrialStore } from "../stores/trial-store.ts";

/** An attempt, with its lane and since when its delivery waited there; times in milliseconds since the epoch. */
export interface LaneAttempt {
  readonly lane: string;
  readonly delivery: string;
  readonly number: number;
  readonly createdAt: number;
  readonly startedAt: number;
  /** `null` when its bridge was killed meanwhile. */
  readonly endedAt: number | null;
  readonly outcome: string | null;
}

/** When bridges were killed and when the database came back, in milliseconds since the epoch. */
export interface Times {
  readonly kills: readonly number[];
  readonly returns: readonly number[];
}

/** How long lanes waited for a bridge, in milliseconds; while the database was away no time passes. */
export interface LaneTimes {
  /** Attempts that were under way at a kill: lanes that the killed bridge held. */
  readonly held: number;
  /** From the kill until another bridge was at the lane, for each of them; sorted. */
  readonly handOvers: readonly number[];
  /** From the kill until a message of the lane was delivered, where no bridge was killed at it once more; sorted. */
  readonly messages: readonly number[];
  /** The longest that something waited in a lane and no attempt was under way. */
  readonly longestIdle: number;
}

/** How long before it opens a lane is claimed, in milliseconds: an attempt may begin after the kill that ended it. */
const AHEAD_MS = 75;

/** Reads all attempts of a store. */
export function readAttempts(store: TrialStore): Promise<LaneAttempt[]> {
  return store.rows(`
    select lane, delivery, number, created_at as "createdAt", started_at as "startedAt",
      ended_at as "endedAt", outcome
    from attempts join deliveries on deliveries.id = delivery
    order by lane, started_at, number`);
}

/** Works out how long lanes waited for a bridge, from all attempts by lane and in order. */
export function laneTimes(attempts: readonly LaneAttempt[], times: Times): LaneTimes {
  const lanes = [...Map.groupBy(attempts, ({ lane }) => lane).values()];
  const waits = lanes.flatMap((lane) => lane.flatMap((one, at) => handOver(one, lane, at, times)));
  const idle = lanes.flatMap((lane) => lane.map((one, at) => idleBefore(one, lane[at - 1], times)));
  return {
    held: waits.length,
    handOvers: sorted(waits.map(({ next }) => next)),
    messages: sorted(waits.flatMap(({ delivered }) => delivered ?? [])),
    longestIdle: idle.reduce((most, one) => Math.max(most, one), 0),
  };
}

function sorted(all: readonly number[]): number[] {
  return all.toSorted((one, other) => one - other);
}

interface Wait {
  readonly next: number;
  /** `null` where a bridge was killed at the lane once more before. */
  readonly delivered: number | null;
}

/** How long a lane waited after the kill that ended an attempt in it; endlessly where nobody came. */
function handOver(
  one: LaneAttempt,
  lane: readonly LaneAttempt[],
  at: number,
  times: Times,
): Wait[] {
  if (one.outcome !== null) return [];
  const later = lane.slice(at + 1);
  const killedAt = times.kills.find((kill) => kill + AHEAD_MS >= one.startedAt) ?? one.startedAt;
  const next = later[0]?.startedAt ?? Infinity;
  const end = later.find(({ outcome }) => outcome === "delivered" || outcome === null);
  const isKilledAgain = end !== undefined && end.outcome === null;
  const delivered = isKilledAgain ? null : waited(killedAt, end?.endedAt ?? Infinity, times);
  return [{ next: waited(killedAt, next, times), delivered }];
}

/** How long something waited in a lane before an attempt, with none under way; what was cut off ended as it began. */
function idleBefore(one: LaneAttempt, before: LaneAttempt | undefined, times: Times): number {
  const free = before === undefined ? -Infinity : (before.endedAt ?? before.startedAt);
  return Math.max(0, waited(Math.max(one.createdAt, free), one.startedAt, times));
}

/** From one time to another, or since the database came back for the last time in between. */
function waited(from: number, until: number, { returns }: Times): number {
  return until - Math.max(from, ...returns.filter((at) => at <= until));
}

import { randomInt, randomUUID } from "node:crypto";
import { monotonicFactory } from "ulid";
import type { NewId } from "../core/id.ts";
import { errorLog } from "../pipeline/error-log.ts";
import type { Log } from "../pipeline/log.ts";
import { Clock } from "./clock.ts";

/** What a bridge takes from its surroundings. */
export interface Surroundings {
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** What all parts of one bridge work with. */
export interface Ground extends Required<Surroundings> {
  /** What `now` tells the time by. */
  readonly clock: Clock;
  readonly newId: NewId;
  /** The bridge's own id. */
  readonly owner: string;
  readonly onError: (error: unknown) => void;
}

/** Node keeps random numbers of this size in store, where the package asks the system for each of its characters. */
const RANDOM_BELOW = 2 ** 32;

/** Completes the surroundings with the clock and the chance of this machine, unless others are given. */
export function groundOf({ log, now = Date.now, random = Math.random }: Surroundings): Ground {
  const ulid = monotonicFactory(() => randomInt(RANDOM_BELOW) / RANDOM_BELOW);
  const clock = new Clock(now);
  return {
    log,
    clock,
    now: () => clock.now(),
    random,
    newId: (prefix) => `${prefix}_${ulid(clock.now())}`,
    owner: randomUUID(),
    onError: errorLog(log, () => performance.now()),
  };
}

/** How long bridges on one database may have different configurations, in milliseconds; ours: replacing all takes a while. */
export const ROLLOUT_MS = 600_000;

/** How long a bridge leaves a lane to them at a time, in milliseconds; ours: each time that it does not, an attempt is recorded. */
export const LEFT_MS = 5_000;

/** Whether something that this bridge cannot place may be meant for one that has a newer or an older configuration. */
export function isRollingOut(since: number, now: number): boolean {
  return now - since < ROLLOUT_MS;
}

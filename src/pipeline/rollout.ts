/** How long bridges on one database may have different configurations, in milliseconds; ours: replacing all takes a while. */
const ROLLOUT_MS = 600_000;

/** How long a lane is left to them meanwhile, in milliseconds; ours: each time that it is not, one more attempt is recorded. */
export const LEFT_MS = 5_000;

/** Whether something that this bridge cannot place may be meant for one that has a newer or an older configuration. */
export function isRollingOut(since: number, now: number): boolean {
  return now - since < ROLLOUT_MS;
}

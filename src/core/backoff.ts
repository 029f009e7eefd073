/** The first and the highest ceiling of the pause between two attempts, in milliseconds; ours. */
export const BACKOFF = { firstMs: 1_000, longestMs: 300_000 } as const;

/**
 * The pause before the next attempt, in milliseconds: exponential with full jitter, and never nothing.
 * `failures` counts from 1; `random` is in [0, 1).
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(BACKOFF.longestMs, BACKOFF.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.max(100, Math.round(ceiling * random));
}

/** A stretch of simulated time, which runs on until the next one begins. */
export interface Stretch {
  /** When it begins, in milliseconds of the machine's monotonic clock. */
  readonly from: number;
  /** The simulated time at its beginning, in milliseconds since the epoch. */
  readonly at: number;
  /** How many simulated milliseconds pass in a real one. */
  readonly factor: number;
}

/** The real time in milliseconds since the machine started: the same in all its processes, and never set back. */
export function realNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The stretch that a real time lies in; the first one also for the time before it. */
export function stretchAt(stretches: readonly Stretch[], real: number): Stretch {
  const found = stretches.findLast((stretch) => stretch.from <= real) ?? stretches[0];
  if (found === undefined) throw new Error("The simulated time has not begun.");
  return found;
}

/** The simulated time at a real one, in milliseconds since the epoch. */
export function simulated(stretches: readonly Stretch[], real: number): number {
  const { from, at, factor } = stretchAt(stretches, real);
  return at + (real - from) * factor;
}

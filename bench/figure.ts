/** One thing that was measured, over all rounds of a run. */
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  /** One value a round, in the order in which they were measured. */
  readonly rounds: readonly number[];
  /** What ran beside it, in turn with it. */
  readonly beside?: readonly Yardstick[];
  /** What DESIGN asks of it. */
  readonly goal?: Goal;
}

/** What a figure counts. */
export type Unit = "/s" | "ms" | "s" | "MB" | "bytes" | "";

/** Something that does less, or something else, measured in the same rounds. */
export interface Yardstick {
  readonly name: string;
  readonly rounds: readonly number[];
}

/** A bound on the median: of the value itself, or of its ratio to a yardstick. */
export interface Goal {
  readonly least?: number;
  readonly most?: number;
  /** The name of the yardstick; the value itself is meant without one. */
  readonly of?: string;
}

/** How many times a second something was done that does `count` things in one go. */
export function perSecond(work: () => void, count: number): number {
  const began = performance.now();
  work();
  return count / ((performance.now() - began) / 1_000);
}

/** The middle of some values, of an even number the mean of the two in the middle; `NaN` of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which a share of all lies, between two values in proportion; `NaN` of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const [low = Number.NaN, high = low] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return low + (high - low) * (place - Math.floor(place));
}

/** How many times the yardstick a figure is: the median over the rounds of what each round says. */
export function ratio({ rounds }: Pick<Figure, "rounds">, yardstick: Yardstick): number {
  return median(rounds.map((value, round) => value / (yardstick.rounds[round] ?? Number.NaN)));
}

/** Whether a figure is as DESIGN asks; `undefined` where it asks nothing. */
export function isMet({ goal, ...figure }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  const { least = -Infinity, most = Infinity, of } = goal;
  const yardstick = figure.beside?.find(({ name }) => name === of);
  if (of !== undefined && yardstick === undefined) return undefined;
  const value = yardstick === undefined ? median(figure.rounds) : ratio(figure, yardstick);
  return value >= least && value <= most;
}

import type { Figure } from "../figure.ts";

/** Something that is measured by itself: `npm run bench -- <name>`. */
export interface Bench {
  readonly name: string;
  /** What it measures, in a line. */
  readonly about: string;
  run(effort: Effort): Promise<Figure[]>;
}

/** How much is measured. */
export interface Effort {
  /** How often everything is measured, in turn with its yardsticks. */
  readonly rounds: number;
  /** The share of the usual amount of work: below 1 where only the bench itself is tried. */
  readonly scale: number;
  /** Whether it may take long, for what only shows then. */
  readonly isLong: boolean;
  /** Tells whoever waits how far it is. */
  readonly say: (text: string) => void;
}

/** An amount of work at that effort, in whole portions. */
export function amount(full: number, { scale }: Pick<Effort, "scale">, portion = 1): number {
  return Math.max(1, Math.round((full * scale) / portion)) * portion;
}

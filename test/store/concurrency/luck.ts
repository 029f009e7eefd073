import { seeded } from "../../chaos/random.ts";

/** Choices that are the same again for the same seed. */
export class Luck {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  /** In [0, 1). */
  readonly number = (): number => this.#random();

  /** Whether something comes about that does so with a probability. */
  has(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** One of a list that is not empty. */
  of<One>(all: readonly One[]): One {
    return all[this.between(0, all.length - 1)] as One;
  }
}

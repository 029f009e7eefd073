/** How many milliseconds of the test's time go by in one of the machine's. */
const SPEED = 20;

/** A clock that all bridges of a test go by, fast enough that leases run out while it lasts. */
export class HurriedClock {
  readonly #base: number;
  readonly #began = performance.now();
  #skippedMs = 0;

  /** `base` is the time that it begins with, in milliseconds since the epoch. */
  constructor(base: number) {
    this.#base = base;
  }

  now(): number {
    const passedMs = (performance.now() - this.#began) * SPEED;
    return Math.floor(this.#base + this.#skippedMs + passedMs);
  }

  /** Has a time come at once, unless it has been. */
  skipTo(time: number): void {
    this.#skippedMs += Math.max(0, time - this.now());
  }

  /** The machine's milliseconds that so many of this clock take. */
  real(ms: number): number {
    return ms / SPEED;
  }
}

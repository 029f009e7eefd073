/** The bridge's clock: this machine's, or set by the one that all bridges on a database go by. */
export class Clock {
  readonly #machine: () => number;
  #aheadMs = 0;

  constructor(machine: () => number) {
    this.#machine = machine;
  }

  /** In whole milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.#machine() + this.#aheadMs);
  }

  /** Goes by another clock from here on, which shows `now`. */
  set(now: number): void {
    this.#aheadMs = now - this.#machine();
  }
}

/** The bridge's clock: this machine's, or set by the one that all bridges on a database go by. */
export class Clock {
  #now: () => number;

  constructor(machine: () => number) {
    this.#now = machine;
  }

  /** In whole milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.#now());
  }

  /** Goes by another clock from here on, which shows `now`; this machine's may then be set as often as it likes. */
  set(now: number): void {
    const began = performance.now();
    this.#now = () => now + (performance.now() - began);
  }
}

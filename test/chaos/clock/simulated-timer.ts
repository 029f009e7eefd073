/** The time that a timer keeps. */
export interface Time {
  /** Milliseconds since the epoch. */
  now(): number;
  /** How many simulated milliseconds pass in a real one, now. */
  factor(): number;
}

/** What a timer is made of. */
interface Timing {
  readonly time: Time;
  readonly run: () => void;
  /** In simulated milliseconds. */
  readonly ms: number;
  readonly isRepeated: boolean;
  /** The real one. */
  readonly setTimeout: typeof setTimeout;
}

/** How long a timer sleeps before it looks at the time again, since the pace may have changed, in real milliseconds. */
const LONGEST_SLEEP_MS = 50;

/** A timeout or interval in simulated time, with what Node's own can do. */
export class SimulatedTimer {
  readonly #timing: Timing;
  #dueAt: number;
  #handle: NodeJS.Timeout | undefined;
  #isRef = true;

  constructor(timing: Timing) {
    this.#timing = timing;
    this.#dueAt = timing.time.now() + timing.ms;
    this.#sleep();
  }

  ref(): this {
    this.#isRef = true;
    this.#handle?.ref();
    return this;
  }

  unref(): this {
    this.#isRef = false;
    this.#handle?.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#isRef;
  }

  refresh(): this {
    this.close();
    this.#dueAt = this.#timing.time.now() + this.#timing.ms;
    this.#sleep();
    return this;
  }

  close(): this {
    clearReal(this.#handle);
    this.#handle = undefined;
    return this;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #sleep(): void {
    const { time, setTimeout: sleep } = this.#timing;
    const ms = Math.max(1, (this.#dueAt - time.now()) / time.factor());
    this.#handle = sleep(() => this.#look(), Math.min(LONGEST_SLEEP_MS, ms));
    if (!this.#isRef) this.#handle.unref();
  }

  #look(): void {
    const { time, run, ms, isRepeated } = this.#timing;
    if (time.now() < this.#dueAt) {
      this.#sleep();
      return;
    }
    this.#handle = undefined;
    if (isRepeated) {
      this.#dueAt = Math.max(this.#dueAt + ms, time.now());
      this.#sleep();
    }
    run();
  }
}

/** The real one, before anything takes its place. */
const clearReal = clearTimeout;

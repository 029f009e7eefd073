/** The most webhooks that may wait for the store at once; ours: what a disk writes in about a second. */
const MAX_WAITING = 1_000;

/** The bytes of webhooks that may be held at once, unless one alone may be larger; ours. */
const MAX_BYTES = 33_554_432;

/** How often it is looked how late timers are, and how late is too late, in milliseconds; ours. */
const LATENESS = { everyMs: 250, mostMs: 500 } as const;

/** Keeps what intake holds in bounds: beyond them webhooks are turned away at once, so that those taken are answered in time. */
export class Admission {
  readonly #bodyLimit: () => number;
  #waiting = 0;
  #bytes = 0;
  #coming = 0;
  #isLate = false;
  #timer: NodeJS.Timeout | undefined;

  /** `bodyLimit` is the largest webhook taken, in bytes. */
  constructor(bodyLimit: () => number) {
    this.#bodyLimit = bodyLimit;
  }

  /** Whether the next webhook is to be turned away. In a process that does not keep up, one at a time is still taken. */
  get isFull(): boolean {
    if (this.#isLate && this.#waiting > 0) return true;
    return this.#waiting >= MAX_WAITING || this.#bytes >= this.#maxBytes;
  }

  /**
   * Counts bytes of a body that comes in; `false` when they are too many, and not to be kept. Bodies whose end is still
   * to come have half of the bytes: whoever holds ends back leaves the other half to those that come in whole.
   */
  hold(bytes: number, isLast: boolean): boolean {
    if (this.#bytes + bytes > this.#maxBytes) return false;
    if (!isLast && this.#coming + bytes > this.#maxBytes / 2) return false;
    this.#bytes += bytes;
    this.#coming += bytes;
    return true;
  }

  /** Counts bytes of a body that comes in no longer; they are held until they are released. */
  arrived(bytes: number): void {
    this.#coming -= bytes;
  }

  /** Counts bytes that are no longer held. */
  release(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Counts a webhook among those that wait until `work` has ended, and then its bytes no longer. */
  async during<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      this.release(bytes);
    }
  }

  /** Watches whether the process keeps up. One long pause is no reason to turn anything away, two in a row are. */
  watch(): void {
    let due = performance.now() + LATENESS.everyMs;
    let wasLate = false;
    this.#timer = setInterval(() => {
      const now = performance.now();
      const isLate = now - due > LATENESS.mostMs;
      this.#isLate = isLate && wasLate;
      wasLate = isLate;
      due = now + LATENESS.everyMs;
    }, LATENESS.everyMs);
    this.#timer.unref();
  }

  /** Ends the watch. */
  close(): void {
    clearInterval(this.#timer);
  }

  get #maxBytes(): number {
    return Math.max(MAX_BYTES, 4 * this.#bodyLimit());
  }
}

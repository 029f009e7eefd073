/**
 * A wait that a platform asked for, as all in this process know it who share the limit: attempts that were already under
 * way look at it once more before they call. Times in milliseconds since the epoch.
 */
export class Wait {
  #until = 0;

  /** How long it still lasts, in whole milliseconds; 0 when nothing is to be waited for. */
  leftMs(now: number): number {
    return Math.max(0, Math.ceil(this.#until - now));
  }

  /** Has it last until then at least. */
  extend(until: number): void {
    this.#until = Math.max(this.#until, until);
  }
}

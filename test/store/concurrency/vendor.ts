import type { Luck } from "./luck.ts";

/** How many of the latest webhooks may come again. */
const AGAIN = 15;

/** Sends webhooks, each with a number, to all bridges; most of them several times. */
export class Vendor {
  /** When each was first sent, by the bridges' clock. */
  readonly #sentAt: number[] = [];
  readonly #underWay = new Set<readonly number[]>();

  /** The numbers of webhooks that are sent together. */
  send(luck: Luck, now: number): readonly number[] {
    const batch = Array.from({ length: luck.between(1, 6) }, () => {
      const latest = this.#sentAt.length - 1;
      if (latest >= 0 && luck.has(0.7)) return Math.max(0, latest - luck.between(0, AGAIN));
      this.#sentAt.push(now);
      return this.#sentAt.length - 1;
    });
    this.#underWay.add(batch);
    return batch;
  }

  /** They will not be sent again as they were. */
  answered(batch: readonly number[]): void {
    this.#underWay.delete(batch);
  }

  /** A time before which nothing was sent that may come again. */
  get overSince(): number {
    const oldest = Math.min(this.#sentAt.length - 1 - AGAIN, ...[...this.#underWay].flat());
    return this.#sentAt[oldest] ?? 0;
  }
}

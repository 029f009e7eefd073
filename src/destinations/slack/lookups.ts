import { Wait } from "../wait.ts";

/**
 * The least pause between two look-ups with one token, in milliseconds: Slack allows 50 a minute and more for the method.
 * https://docs.slack.dev/reference/methods/conversations.history
 */
const LOOKUP_PACE_MS = 1_200;

/** How long to leave look-ups alone when a 429 does not say for how long, in milliseconds; ours. */
const UNTOLD_WAIT_MS = 30_000;

/** How long a place is kept for a delivery that does not come back for it, in milliseconds; ours. */
const KEPT_MS = 60_000;

/** Spreads look-ups: each delivery that must wait is given a time of its own. Times in milliseconds since the epoch. */
export class Lookups {
  #lastAt = Number.NEGATIVE_INFINITY;
  /** The first time that is nobody's. */
  #freeAt = Number.NEGATIVE_INFINITY;
  readonly #wait = new Wait();
  readonly #places = new Map<string, number>();

  /** How long a delivery's look-up must wait, in whole milliseconds; 0 when it may go ahead, which is then counted. */
  take(delivery: string, now: number): number {
    for (const [other, at] of this.#places)
      if (at < now - KEPT_MS && other !== delivery) this.#places.delete(other);
    const place = this.#places.get(delivery) ?? this.#freeAt;
    const openAt = now + this.#wait.leftMs(now);
    const at = Math.max(place, this.#lastAt + LOOKUP_PACE_MS, openAt);
    if (at <= now) {
      this.#places.delete(delivery);
      this.count(now);
      return 0;
    }
    this.#places.set(delivery, at);
    this.#freeAt = Math.max(this.#freeAt, at + LOOKUP_PACE_MS);
    return Math.ceil(at - now);
  }

  /** Counts a call; the next one keeps its distance from it. */
  count(now: number): void {
    this.#lastAt = Math.max(this.#lastAt + LOOKUP_PACE_MS, now);
    this.#freeAt = Math.max(this.#freeAt, this.#lastAt + LOOKUP_PACE_MS);
  }

  /** Lets no look-up through for as long as Slack asks, and has all who wait line up anew behind that. */
  pause(now: number, afterMs = UNTOLD_WAIT_MS): void {
    this.#wait.extend(now + afterMs);
    this.#freeAt = now + this.#wait.leftMs(now);
    this.#places.clear();
  }
}

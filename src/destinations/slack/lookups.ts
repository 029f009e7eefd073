import type { Turns } from "../../core/turns.ts";

/**
 * The least pause between two look-ups with one token, in milliseconds: Slack allows 50 a minute and more for the method.
 * https://docs.slack.dev/reference/methods/conversations.history
 */
const LOOKUP_PACE_MS = 1_200;

/** How long to leave look-ups alone when a 429 does not say for how long, in milliseconds; ours. */
const UNTOLD_WAIT_MS = 30_000;

/** How long a turn is kept for a delivery that does not come back for it, in milliseconds; ours. */
const KEPT_MS = 60_000;

/**
 * Spreads the look-ups of one token over all bridges that have it: each delivery that must wait is given a turn of its own.
 * Times in milliseconds since the epoch.
 */
export class Lookups {
  /** What they are turns at. */
  readonly #name: string;
  readonly #mine = new Map<string, number>();

  constructor(account: string) {
    this.#name = `${account} look-ups`;
  }

  /** How long a delivery's look-up must wait, in whole milliseconds; 0 when it may go ahead. */
  async take(delivery: string, turns: Turns, now: number): Promise<number> {
    for (const [other, at] of this.#mine)
      if (at < now - KEPT_MS && other !== delivery) this.#mine.delete(other);
    const mine = this.#mine.get(delivery);
    const closedUntil = mine === undefined ? 0 : await turns.turnsClosedUntil(this.#name);
    // Slack may have asked for a wait since the turn was given.
    const at = mine !== undefined && mine >= closedUntil ? mine : await this.#next(turns, now);
    if (at <= now) {
      this.#mine.delete(delivery);
      return 0;
    }
    this.#mine.set(delivery, at);
    return Math.ceil(at - now);
  }

  /** Counts a further call; the next one keeps its distance from it. */
  async count(turns: Turns, now: number): Promise<void> {
    await this.#next(turns, now);
  }

  /** Lets no look-up through for as long as Slack asks, and has all who wait line up anew behind that. */
  async pause(turns: Turns, now: number, afterMs = UNTOLD_WAIT_MS): Promise<void> {
    await turns.closeTurns(this.#name, now + afterMs);
  }

  #next(turns: Turns, now: number): Promise<number> {
    return turns.takeTurn({ of: this.#name, now, paceMs: LOOKUP_PACE_MS });
  }
}

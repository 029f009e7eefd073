/** A rate limit that refills steadily, per key: a few calls at once, then one every so often (GCRA). */
export class SteadyLimit {
  readonly #everyMs: number;
  readonly #toleranceMs: number;
  readonly #nextAt = new Map<string, number>();

  /** `leewayMs` forgives a caller who keeps the pace but whose calls arrive unevenly. */
  constructor(everyMs: number, burst: number, leewayMs = 0) {
    this.#everyMs = everyMs;
    this.#toleranceMs = (burst - 1) * everyMs + leewayMs;
  }

  /** How long the caller has to wait, in milliseconds; 0 when the call may pass, which is then counted. */
  take(key: string, now: number): number {
    const next = Math.max(now, this.#nextAt.get(key) ?? now);
    const waitMs = next - this.#toleranceMs - now;
    if (waitMs > 0) return waitMs;
    this.#nextAt.set(key, next + this.#everyMs);
    return 0;
  }

  clear(): void {
    this.#nextAt.clear();
  }
}

/** What a window allows after a call was counted. */
export interface Allowance {
  readonly passes: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window starts anew. */
  readonly resetAfterMs: number;
}

/** A rate limit of so many calls per window, per key; a window starts with its first call. */
export class WindowLimit {
  readonly #limit: number;
  readonly #windowMs: number;
  readonly #windows = new Map<string, { startedAt: number; used: number }>();

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Counts a call. */
  take(key: string, now: number): Allowance {
    let window = this.#windows.get(key);
    if (window === undefined || now - window.startedAt >= this.#windowMs) {
      window = { startedAt: now, used: 0 };
      this.#windows.set(key, window);
    }
    const passes = window.used < this.#limit;
    if (passes) window.used += 1;
    return {
      passes,
      limit: this.#limit,
      remaining: this.#limit - window.used,
      resetAfterMs: window.startedAt + this.#windowMs - now,
    };
  }

  clear(): void {
    this.#windows.clear();
  }
}

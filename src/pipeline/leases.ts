import type { Reservation, Store } from "../store/store.ts";
import { Worker } from "./worker.ts";

/**
 * How long lanes are held without a sign of life, and how often one is given, in milliseconds; ours: what a bridge held
 * that died is taken over after the first, and one that only stumbles has two tries.
 */
export const LEASE = { forMs: 15_000, everyMs: 5_000 } as const;

/** What leases are held with. */
export interface LeaseParts {
  readonly store: Pick<Store, "isShared" | "extend">;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** The lanes that this bridge is at, held for as long as it lives, on a database that others work on as well. */
export class Leases {
  readonly #parts: LeaseParts;
  readonly #worker: Worker;
  /** What is held, and when the store was asked last to hold it, by the machine's steady clock. */
  readonly #held = new Map<Reservation, number>();
  /** Since when the store has answered every time, and when it did last, by the machine's steady clock. */
  #steady: { readonly since: number; readonly until: number } | undefined;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    this.#worker = new Worker({
      run: async () => {
        await this.#extend();
        return { again: false, dueInMs: LEASE.everyMs };
      },
      onError: parts.onError,
    });
  }

  start(): void {
    if (this.#parts.store.isShared) this.#worker.start();
  }

  stop(): Promise<void> {
    return this.#worker.stop();
  }

  /** `askedAt` is when the store was asked for it, by the machine's steady clock: its answer may have been long under way. */
  hold(one: Reservation, askedAt: number): void {
    this.#held.set(one, askedAt);
  }

  drop(one: Reservation): void {
    this.#held.delete(one);
  }

  /**
   * Whether nobody can have taken something over meanwhile, as when this process stood still for as long as a lease lasts:
   * what is not begun by then must not begin.
   */
  isSure(one: Reservation): boolean {
    if (!this.#parts.store.isShared) return true;
    const askedAt = this.#held.get(one) ?? -Infinity;
    return performance.now() - askedAt < LEASE.forMs - LEASE.everyMs;
  }

  /** The lanes that are held. */
  get lanes(): readonly string[] {
    return [...this.#held.keys()].map(({ lane }) => lane);
  }

  /**
   * Whether this bridge may take over what others hold no longer: not before the store has answered for a whole lease, since
   * when the store was away, nobody could give a sign of life; nor while it does not answer.
   */
  get takesOver(): boolean {
    if (this.#steady === undefined || this.#isOverdue(this.#steady)) return false;
    return performance.now() - this.#steady.since >= LEASE.forMs;
  }

  async #extend(): Promise<void> {
    const { store, now } = this.#parts;
    const held = [...this.#held.keys()];
    const askedAt = performance.now();
    try {
      await store.extend({ held, now: now(), leaseMs: LEASE.forMs });
    } catch (error) {
      this.#steady = undefined;
      throw error;
    }
    for (const one of held) if (this.#held.has(one)) this.#held.set(one, askedAt);
    // An answer that came late does not tell since when the store answers again.
    const before = this.#steady;
    const until = performance.now();
    const since = before === undefined || this.#isOverdue(before) ? until : before.since;
    this.#steady = { since, until };
  }

  #isOverdue({ until }: { readonly until: number }): boolean {
    return performance.now() - until > 2 * LEASE.everyMs;
  }
}

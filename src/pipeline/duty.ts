import type { DutyRequest, Store } from "../store/store.ts";

/** For how long a duty is taken, and how often that is renewed, in milliseconds; ours. */
const LEASE = { forMs: 30_000, everyMs: 10_000 } as const;

/** What a duty is taken with. */
export interface DutyParts {
  readonly store: Pick<Store, "isShared" | "take">;
  /** The bridge's own id. */
  readonly owner: string;
  readonly now: () => number;
}

/** Something that one bridge does for all that work on the same database. */
export class Duty {
  readonly #duty: DutyRequest["duty"];
  readonly #parts: DutyParts;
  #isMine = false;
  /** By the machine's steady clock. */
  #askAt = -Infinity;

  constructor(duty: DutyRequest["duty"], parts: DutyParts) {
    this.#duty = duty;
    this.#parts = parts;
  }

  /** Whether it is this bridge's to do now; rejects when the store cannot be asked. */
  async isMine(): Promise<boolean> {
    const { store, owner, now } = this.#parts;
    if (!store.isShared) return true;
    if (this.#isMine && performance.now() < this.#askAt) return true;
    // What is not known for certain is not done.
    this.#isMine = false;
    const request = { duty: this.#duty, owner, now: now(), leaseMs: LEASE.forMs };
    this.#isMine = await store.take(request);
    this.#askAt = performance.now() + LEASE.everyMs;
    return this.#isMine;
  }

  /** Leaves it to the others at once, as this bridge stops; rejects when the store cannot be told. */
  async leave(): Promise<void> {
    if (!this.#isMine) return;
    this.#isMine = false;
    this.#askAt = -Infinity;
    const { store, owner, now } = this.#parts;
    await store.take({ duty: this.#duty, owner, now: now(), leaseMs: 0 });
  }
}

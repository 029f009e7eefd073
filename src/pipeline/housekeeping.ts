import type { PrunePlace, Store } from "../store/store.ts";
import type { Duty } from "./duty.ts";
import { type Round, Worker } from "./worker.ts";

/** What housekeeping works with. */
export interface HousekeepingParts {
  readonly store: Pick<Store, "prune" | "compact">;
  /** Whether this bridge tidies up. */
  readonly duty: Pick<Duty, "isMine" | "leave">;
  /** How long things are kept, in milliseconds. */
  readonly retention: () => { readonly payloadsMs: number; readonly deliveriesMs: number };
  readonly now: () => number;
  /** Called at the end of a round that pruned something. */
  readonly onPruned: (pruned: Tidied) => void;
  readonly onError: (error: unknown) => void;
}

/** How many payloads were emptied and how many events deleted. */
export interface Tidied {
  readonly payloads: number;
  readonly events: number;
}

/** How long after the start the first round begins, and how long after a round the next, in milliseconds; ours. */
const ROUND = { firstAfterMs: 10_000, everyMs: 3_600_000 } as const;

/** How long it waits after a step that failed, in milliseconds; ours: a disk that is full stays so for a while. */
const FAILED_PAUSE_MS = 60_000;

/** The least pause between two steps, in milliseconds, and how many times a step's own length; ours: the store is there for intake. */
const PAUSE = { leastMs: 5, times: 3 } as const;

/** Prunes what is older than the retention allows, in steps so small that nothing else waits for it. */
export class Housekeeping {
  readonly #parts: HousekeepingParts;
  readonly #worker: Worker;
  #stage: Stage = "payloads";
  #from: PrunePlace | null = null;
  #tidied: Record<keyof Tidied, number> = { payloads: 0, events: 0 };
  #roundAt: number;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.#roundAt = parts.now() + ROUND.firstAfterMs;
    this.#worker = new Worker({ run: () => this.step(), onError: parts.onError });
  }

  start(): void {
    this.#worker.start();
  }

  async stop(): Promise<void> {
    await this.#worker.stop();
    await this.#parts.duty.leave().catch(this.#parts.onError);
  }

  /** One step, if a round is due or under way. */
  async step(): Promise<Round> {
    const now = this.#parts.now();
    // A clock that was set back must not put the next round off.
    this.#roundAt = Math.min(this.#roundAt, now + ROUND.everyMs);
    if (now < this.#roundAt) return { again: false, dueInMs: this.#roundAt - now };
    if (!(await this.#parts.duty.isMine())) return { again: false };
    const began = performance.now();
    try {
      await this.#work(now);
    } catch (error) {
      this.#roundAt = now + FAILED_PAUSE_MS;
      throw error;
    }
    const pauseMs = Math.max(PAUSE.leastMs, PAUSE.times * (performance.now() - began));
    return { again: false, dueInMs: pauseMs };
  }

  async #work(now: number): Promise<void> {
    const { store } = this.#parts;
    if (this.#stage === "compact") {
      if (!(await store.compact())) this.#endRound(now);
      return;
    }
    const { payloadsMs, deliveriesMs } = this.#parts.retention();
    const before = now - (this.#stage === "payloads" ? payloadsMs : deliveriesMs);
    const pruned = await store.prune({ what: this.#stage, before, from: this.#from, now });
    this.#tidied[this.#stage] += pruned.count;
    this.#from = pruned.next;
    if (pruned.next === null) this.#stage = this.#stage === "payloads" ? "events" : "compact";
  }

  #endRound(now: number): void {
    const { payloads, events } = this.#tidied;
    if (payloads + events > 0) this.#parts.onPruned({ payloads, events });
    this.#tidied = { payloads: 0, events: 0 };
    this.#stage = "payloads";
    this.#roundAt = now + ROUND.everyMs;
  }
}

type Stage = keyof Tidied | "compact";

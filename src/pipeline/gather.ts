import { nextTurn, pause } from "./pause.ts";

/** What waits to be written, and how it is written together. */
export interface Gathering<Item, Result> {
  /** Writes those items in one go and answers each in its place; rejects when none was written. */
  readonly write: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** How many of those that wait make up the next write: at least one. */
  readonly fitting: (items: readonly Item[]) => number;
  /** Called after each write that went well. */
  readonly onWritten?: () => void;
  /** How long an item may wait, in milliseconds; then it is given up on, though a write of it that is under way may succeed. */
  readonly patienceMs?: number;
}

/** How long items are gathered for one write while many arrive, in milliseconds; ours. */
const GATHER_MS = 2;

/** How many items at once are a press, and for how many milliseconds after it is one; ours. */
const PRESSED = { items: 8, forMs: 20 } as const;

/** Writes what comes while the write before is under way in one go: a disk makes few commits a second. */
export class Gather<Item, Result> {
  readonly #gathering: Gathering<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #writing: Promise<void> | undefined;
  #pressedAt = -Infinity;

  constructor(gathering: Gathering<Item, Result>) {
    this.#gathering = gathering;
  }

  /** Resolves with the item's result once it is written. */
  add(item: Item): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    const one = { item, resolve, reject };
    this.#waiting.push(one);
    this.#writing ??= this.#write();
    return this.#inTime(one, promise);
  }

  /** Whether items come faster than they are written, or did a moment ago: those behind the answered ones are on their way. */
  get isPressed(): boolean {
    if (this.#waiting.length >= PRESSED.items) return true;
    return performance.now() - this.#pressedAt < PRESSED.forMs;
  }

  /** Resolves once all that was added so far is written or rejected. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Has an item wait no longer than it may. */
  #inTime(one: Waiting<Item, Result>, result: Promise<Result>): Promise<Result> {
    const { patienceMs } = this.#gathering;
    if (patienceMs === undefined) return result;
    const timer = setTimeout(() => void this.#giveUp(one, patienceMs), patienceMs);
    return result.finally(() => clearTimeout(timer));
  }

  async #giveUp(one: Waiting<Item, Result>, patienceMs: number): Promise<void> {
    // Where it was this process that was busy, the result may have come in meanwhile.
    await nextTurn();
    this.#waiting = this.#waiting.filter((other) => other !== one);
    one.reject(new Error(`Nothing was written for ${patienceMs / 1_000} s.`));
  }

  async #write(): Promise<void> {
    const { write, fitting, onWritten } = this.#gathering;
    let last = 0;
    while (this.#waiting.length > 0) {
      // Under load a short wait lets many items share one commit; a single one only lets what was read with it join.
      await (last > 1 ? pause(GATHER_MS) : nextTurn());
      // All of them may have been given up on meanwhile.
      if (this.#waiting.length === 0) break;
      const batch = this.#waiting.splice(0, fitting(this.#waiting.map(({ item }) => item)));
      last = batch.length;
      try {
        const results = await write(batch.map(({ item }) => item));
        if (last >= PRESSED.items) this.#pressedAt = performance.now();
        batch.forEach((one, index) => settle(one, results, index));
        onWritten?.();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    // In the same turn as the last look: an item that comes between the two would wait for the next one.
    this.#writing = undefined;
  }
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

function settle<Item, Result>(
  { resolve, reject }: Waiting<Item, Result>,
  results: readonly Result[],
  index: number,
): void {
  if (index < results.length) resolve(results[index] as Result);
  else reject(new Error("Fewer results were written than items."));
}

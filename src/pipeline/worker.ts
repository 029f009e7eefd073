import { nextTurn } from "./pause.ts";

/** One round of work: whether to go on at once, and otherwise when at the latest. */
export interface Round {
  readonly again: boolean;
  /** Milliseconds until the next round is due without being woken; the net below the wake-up calls. */
  readonly dueInMs?: number;
}

/** What a worker does. */
export interface Work {
  readonly run: () => Promise<Round>;
  readonly onError: (error: unknown) => void;
}

/** The longest pause between two rounds, in milliseconds; ours: a missed wake-up call costs no more. */
const LONGEST_PAUSE_MS = 5_000;

/** The pause after a round that failed, in milliseconds; ours. */
const ERROR_PAUSE_MS = 1_000;

/** Does rounds of work when woken, one at a time, until it is stopped. */
export class Worker {
  readonly #work: Work;
  #isStopping = false;
  #isWoken = false;
  #wakeUp: (() => void) | undefined;
  #loop: Promise<void> | undefined;
  /** Ends with the round, or what is done between two rounds, that was begun last. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(work: Work) {
    this.#work = work;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Has a round begin soon, also when one is under way. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp?.();
  }

  /** Does something between two rounds, so that no round sees both what was before it and what is after it. */
  between<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Begins no further round; resolves when the last one has ended. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wakeUp?.();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      this.#isWoken = false;
      const pauseMs = await this.#round();
      if (!this.#isStopping && !this.#isWoken && pauseMs > 0) await this.#sleep(pauseMs);
      else await nextTurn();
    }
  }

  async #round(): Promise<number> {
    try {
      const round = await this.between(this.#work.run);
      return round.again
        ? 0
        : Math.min(LONGEST_PAUSE_MS, Math.max(1, round.dueInMs ?? LONGEST_PAUSE_MS));
    } catch (error) {
      this.#work.onError(error);
      return ERROR_PAUSE_MS;
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      this.#wakeUp = done;
      function done() {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}

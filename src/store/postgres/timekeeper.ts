import { type Kysely, sql } from "kysely";

/** How often the database is asked for the time, in milliseconds; ours: soon again while its time is not well known. */
const ASK_EVERY = { usuallyMs: 5_000, soonMs: 250 } as const;

/** How well its time is to be known, in milliseconds; ours. */
const WELL_KNOWN_MS = 25;

/**
 * By how many milliseconds two clocks may drift apart in one; as much as a clock that is being set right may be made to
 * run fast or slow. https://man7.org/linux/man-pages/man2/adjtimex.2.html
 */
const DRIFT = 500e-6;

/** Tells the time that the database has, so that all bridges on it go by one clock. */
export class Timekeeper<Db> {
  readonly #db: Kysely<Db>;
  readonly #onTime: (now: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isAsking = false;
  /** By how much the time that was told last may be off, and when that was by this machine's steady clock. */
  #told = { offByMs: Infinity, at: 0 };

  constructor(db: Kysely<Db>, onTime: (now: number) => void) {
    this.#db = db;
    this.#onTime = onTime;
    this.#askLater();
  }

  /**
   * Asks once; does nothing while an answer is awaited. An answer is off by up to half of the time that it took, and is
   * told only where that is better than what is known: one that was long under way says less than one some time ago.
   */
  async ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      // Waiting for a connection says nothing about the time that the answer takes.
      await this.#db.connection().execute((connection) => this.#askOn(connection));
    } finally {
      this.#isAsking = false;
    }
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #askOn(connection: Kysely<Db>): Promise<void> {
    const asked = performance.now();
    const { rows } = await sql<{ now: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`.execute(connection);
    const answered = performance.now();
    const offByMs = (answered - asked) / 2;
    const [row] = rows;
    if (row === undefined || offByMs >= this.#offByMs(answered)) return;
    this.#told = { offByMs, at: answered };
    this.#onTime(row.now + offByMs);
  }

  #offByMs(now: number): number {
    const { offByMs, at } = this.#told;
    return offByMs + (now - at) * DRIFT;
  }

  #askLater(): void {
    if (this.#isStopped) return;
    const isKnown = this.#offByMs(performance.now()) <= WELL_KNOWN_MS;
    const pauseMs = isKnown ? ASK_EVERY.usuallyMs : ASK_EVERY.soonMs;
    this.#timer = setTimeout(() => {
      void this.ask()
        .catch(() => undefined)
        .finally(() => this.#askLater());
    }, pauseMs);
    this.#timer.unref();
  }
}

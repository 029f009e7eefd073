import { type Kysely, sql } from "kysely";

/** How often the database is asked for the time, in milliseconds; ours: clocks drift apart by far less meanwhile. */
const ASK_EVERY_MS = 5_000;

/** The longest that an answer may have been under way to be trusted, in milliseconds; ours: it is off by up to half of that. */
const TRUSTED_MS = 50;

/** After how many milliseconds without such an answer any is taken; ours. */
const PATIENCE_MS = 30_000;

/** Tells the time that the database has, so that all bridges on it go by one clock. */
export class Timekeeper<Db> {
  readonly #db: Kysely<Db>;
  readonly #onTime: (now: number) => void;
  readonly #timer: NodeJS.Timeout;
  #toldAt = -Infinity;
  #isAsking = false;

  constructor(db: Kysely<Db>, onTime: (now: number) => void) {
    this.#db = db;
    this.#onTime = onTime;
    this.#timer = setInterval(() => void this.ask().catch(() => undefined), ASK_EVERY_MS);
    this.#timer.unref();
  }

  /** Asks once, and tells when the answer came quickly enough; does nothing while an answer is awaited. */
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

  async #askOn(connection: Kysely<Db>): Promise<void> {
    const asked = performance.now();
    const { rows } = await sql<{ now: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`.execute(connection);
    const answered = performance.now();
    const underWayMs = answered - asked;
    const [row] = rows;
    if (row === undefined) return;
    if (underWayMs > TRUSTED_MS && answered - this.#toldAt < PATIENCE_MS) return;
    this.#toldAt = answered;
    this.#onTime(row.now + underWayMs / 2);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

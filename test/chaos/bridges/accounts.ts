import type { TrialStore } from "../stores/trial-store.ts";

/** What a database of PostgreSQL has done. */
export interface Spent {
  readonly transactions: number;
  readonly deadlocks: number;
  /** Bytes of its server's log. */
  readonly wal: number;
}

/**
 * Adds up what a database does. Its server forgets its counts when it is killed, so they are taken before.
 * https://www.postgresql.org/docs/current/monitoring-stats.html
 */
export class Accounts {
  readonly #store: TrialStore;
  #opened: Spent = NOTHING;
  #spent: Spent = NOTHING;

  constructor(store: TrialStore) {
    this.#store = store;
  }

  /** Counts from here. */
  async open(): Promise<void> {
    this.#opened = await this.#read();
  }

  /** Adds what was counted. */
  async close(): Promise<void> {
    const now = await this.#read();
    const { transactions, deadlocks, wal } = this.#spent;
    this.#spent = {
      transactions: transactions + now.transactions - this.#opened.transactions,
      deadlocks: deadlocks + now.deadlocks - this.#opened.deadlocks,
      wal: wal + now.wal - this.#opened.wal,
    };
  }

  get spent(): Spent {
    return this.#spent;
  }

  async #read(): Promise<Spent> {
    const [row] = await this.#store.rows<Spent>(`
      select xact_commit + xact_rollback as transactions, deadlocks,
        pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as wal
      from pg_stat_database where datname = current_database()`);
    if (row === undefined) throw new Error("The database keeps no statistics of itself.");
    return row;
  }
}

const NOTHING: Spent = { transactions: 0, deadlocks: 0, wal: 0 };

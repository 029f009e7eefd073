import type { Kysely, Transaction } from "kysely";
import type { News, StoreSize } from "./store.ts";
import type { Tables } from "./tables.ts";

/** A database that the store is built on, and what it does in a way of its own. */
export interface Engine {
  readonly db: Kysely<Tables>;
  /** Whether other bridges may work on the same database at the same time. */
  readonly isShared: boolean;
  /** Whether a transaction failed because of the disk, the server, the network or a foreign lock, and not by its statements. */
  isStorageError(error: unknown): boolean;
  /** Says of such a failure in a sentence what is wrong, for people who cannot look into the code. */
  explain(error: unknown): unknown;
  /** Whether a transaction only met another one, so that it may be done once more at once. */
  isCollision(error: unknown): boolean;
  /** Gives disk space that pruning freed back, a portion at a call; `false` when little enough is free. */
  compact(
    write: <T>(work: (trx: Transaction<Tables>) => Promise<T>) => Promise<T>,
  ): Promise<boolean>;
  size(): Promise<StoreSize>;
  /** Lets other bridges on the same database know that there is work. */
  spread(news: News): void;
  close(): Promise<void>;
}

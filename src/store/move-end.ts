import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** One of the two databases between which a store is moved. */
export interface MoveEnd {
  readonly db: Kysely<Tables>;
  /** What people call the database, as the beginning of a sentence. */
  readonly name: string;
  /** Whether something failed because of the disk, the server or the network. */
  isStorageError(error: unknown): boolean;
  close(): Promise<void>;
}

/** Is told that leases are waited for, since bridges which died may have left them, and for how many milliseconds at most. */
export type OnWait = (longestMs: number) => void;

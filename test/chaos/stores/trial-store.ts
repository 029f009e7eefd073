import type { StoreSettings } from "../../../src/store/settings.ts";

/** A database that the store can be in, as the command line calls it. */
export type StoreKind = "sqlite" | "postgres";

/** Every one, in the order in which scenarios run on them. */
export const STORE_KINDS: readonly StoreKind[] = ["sqlite", "postgres"];

/** What people call each. */
export const STORE_NAMES: Readonly<Record<StoreKind, string>> = {
  sqlite: "SQLite",
  postgres: "PostgreSQL",
};

/** The store of one trial, which begins without any tables. */
export interface TrialStore {
  readonly kind: StoreKind;
  /** The path of its file, or the URL of its database. */
  readonly place: string;
  /** How it is opened without a bridge. */
  readonly settings: StoreSettings;
  /** The rows that a query finds; where the store is a file, only once no bridge uses it. */
  rows<Row extends object>(query: string): Promise<Row[]>;
  /** Runs statements that give nothing back. */
  run(statements: string): Promise<void>;
  /** Removes everything, tables too; no bridge may use it. */
  empty(): Promise<void>;
  /** Keeps what is in it now for `restore`; no bridge may use it. */
  save(): Promise<void>;
  /** Puts in place what was saved; no bridge may use it. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

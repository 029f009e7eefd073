import { isDeepStrictEqual } from "node:util";
import type { Secret } from "../core/secret.ts";

/** Which database is behind the store, and how it is used. */
export type StoreSettings = SqliteSettings | PostgresSettings;

/** A store in a file, for one bridge. */
export interface SqliteSettings {
  readonly kind: "sqlite";
  /** An absolute path; `:memory:` for tests. */
  readonly path: string;
}

/** A store in a PostgreSQL database, which several bridges may share. */
export interface PostgresSettings {
  readonly kind: "postgres";
  /** A `postgres://` URL as `pg` takes it: parsed without fault, paths in it absolute, its password in it. */
  readonly url: Secret;
  /** The most connections that one bridge opens for its queries, beside the one that it listens on. */
  readonly connections: number;
  /** Whether a connection of its own hears of other bridges' work at once; without it, polling alone finds that. */
  readonly listen: boolean;
  /** After how long the database gives a statement up, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** How long a connection may take to come about, or to become free, in milliseconds. */
  readonly connectTimeoutMs: number;
}

/** Whether two settings come to the same store, used in the same way. */
export function isSameStore(one: StoreSettings, other: StoreSettings): boolean {
  return isDeepStrictEqual(plain(one), plain(other));
}

/** Secrets are all alike from outside. */
function plain(settings: StoreSettings): object {
  return settings.kind === "sqlite" ? settings : { ...settings, url: settings.url.reveal() };
}

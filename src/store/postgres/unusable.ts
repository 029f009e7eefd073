import { DatabaseError } from "pg";
import { BridgeError } from "../../core/error.ts";
import type { PostgresSettings } from "../settings.ts";

/** Says in a sentence why a database cannot be used, without its password. */
export function unusable(settings: PostgresSettings, error: unknown): BridgeError {
  return new BridgeError(
    "store-unusable",
    `${nameOf(settings)} cannot be used: ${reasonOf(error)}.`,
    { hint: hintFor(error), cause: error },
  );
}

/** What people call the database. */
export function nameOf(settings: PostgresSettings): string {
  const { host, pathname } = new URL(settings.url.reveal());
  return `The database ${decodeURIComponent(pathname.slice(1))} at ${host === "" ? "this machine" : host}`;
}

function reasonOf(error: unknown): string {
  // Every address that a name led to failed by itself.
  if (error instanceof AggregateError)
    return [...new Set(error.errors.map((one) => reasonOf(one)))].join(", ");
  return error instanceof Error ? error.message : String(error);
}

/** What to do about codes that speak of the settings. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const HINTS: Readonly<Record<string, string>> = {
  "28P01": "Check the user and the password in `store`.",
  "28000": "Check the user and the TLS settings in `store`, and the server's pg_hba.conf.",
  "3D000": "Create the database first, or name another one in `store`.",
  "42501":
    "The user in `store` must be allowed to create tables: docs/deploy.md lists what it needs.",
  "53300":
    "The server takes no more connections: lower `connections` in `store`, or raise its max_connections.",
};

function hintFor(error: unknown): string {
  if (error instanceof DatabaseError) return HINTS[error.code ?? ""] ?? "Check the database's log.";
  return "Check that the server runs, and that host, port and TLS settings in `store` are right.";
}

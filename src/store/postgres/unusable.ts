import { BridgeError } from "../../core/error.ts";
import type { PostgresSettings } from "../settings.ts";
import { troubleOf } from "./trouble.ts";

/** Says in a sentence why a database cannot be used, without its password. */
export function unusable(settings: PostgresSettings, error: unknown): BridgeError {
  const { reason, hint } = troubleOf(error);
  return new BridgeError("store-unusable", `${nameOf(settings)} cannot be used: ${reason}.`, {
    hint,
    cause: error,
  });
}

/** What people call the database. */
export function nameOf(settings: PostgresSettings): string {
  const { host, pathname } = new URL(settings.url.reveal());
  return `The database ${decodeURIComponent(pathname.slice(1))} at ${host === "" ? "this machine" : host}`;
}

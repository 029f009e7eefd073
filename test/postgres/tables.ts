import { Secret } from "../../src/core/secret.ts";
import { openPostgres } from "../../src/store/postgres/open.ts";
import type { PostgresSettings } from "../../src/store/settings.ts";

/** How the tests use a database of theirs, unless they are about just that. */
export function settingsFor(url: string): PostgresSettings {
  return {
    kind: "postgres",
    url: new Secret(url),
    connections: 4,
    listen: false,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 15_000,
  };
}

/** Makes the store's tables in an empty database, and leaves it. */
export async function makeTables(url: string): Promise<void> {
  await (await openPostgres(settingsFor(url))).close();
}

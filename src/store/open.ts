import type { Reading } from "./reading.ts";
import type { StoreSettings } from "./settings.ts";
import type { Store, StoreListener } from "./store.ts";

/**
 * Opens the store that the config names, and brings its tables up to date; only the driver of its database is loaded.
 * Throws a `BridgeError` when the database cannot be used.
 */
export async function openStore(settings: StoreSettings, listener: StoreListener): Promise<Store> {
  if (settings.kind === "sqlite") {
    const { openSqlite } = await import("./sqlite/open.ts");
    return openSqlite(settings.path, listener);
  }
  const { openPostgres } = await import("./postgres/open.ts");
  return openPostgres(settings, listener);
}

/**
 * Opens the store that the config names to read from it, beside the bridges that run on it.
 * Throws a `BridgeError` when it cannot be read.
 */
export async function openReading(settings: StoreSettings): Promise<Reading> {
  if (settings.kind === "sqlite") {
    const { openSqliteReading } = await import("./sqlite/reading.ts");
    return openSqliteReading(settings.path);
  }
  const { openPostgresReading } = await import("./postgres/reading.ts");
  return openPostgresReading(settings);
}

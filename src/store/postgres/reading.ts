import { BridgeError } from "../../core/error.ts";
import { checkReadable } from "../migrate.ts";
import { Reading } from "../reading.ts";
import type { PostgresSettings } from "../settings.ts";
import { connect } from "./open.ts";
import { nameOf, unusable } from "./unusable.ts";

/**
 * Opens the store in a PostgreSQL database to read from it, beside the bridges that run on it.
 * Throws a `BridgeError` when it cannot be read, or another version of Bellhop wrote it.
 */
export async function openPostgresReading(settings: PostgresSettings): Promise<Reading> {
  const { db, close } = connect(settings);
  try {
    await checkReadable(db, nameOf(settings));
    return new Reading(db);
  } catch (error) {
    await close();
    throw error instanceof BridgeError ? error : unusable(settings, error);
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openStore } from "../../src/store/open.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import type { Store, StoreListener } from "../../src/store/store.ts";
import { freshDatabase, freshStore } from "../postgres/database.ts";
import { settingsFor } from "../postgres/tables.ts";

/** Which database the tests are run on this time; vitest.config.ts says so. */
export const DATABASE = process.env["TEST_STORE"] === "postgres" ? "postgres" : "sqlite";

/** A listener that pays no heed. */
export const NOBODY: StoreListener = { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} };

/** A place for a store of the test's own, in a file or in a database, where there is none yet; it goes with the test. */
export async function emptyPlace(): Promise<StoreSettings> {
  return DATABASE === "postgres" ? inDatabase(await freshDatabase()) : inFile();
}

/** Settings of a store that has its tables and nothing in them, in a file or in a database; it goes with the test. */
export async function emptyStore(): Promise<StoreSettings> {
  if (DATABASE === "postgres") return inDatabase(await freshStore());
  const settings = await inFile();
  await (await openStore(settings, NOBODY)).close();
  return settings;
}

/** Opens an empty store that only the test is at: in memory, or in a database that goes with the test. */
export async function openEmptyStore(): Promise<Store> {
  const isOnDisk = DATABASE === "postgres";
  return openStore(isOnDisk ? await emptyStore() : { kind: "sqlite", path: ":memory:" }, NOBODY);
}

function inDatabase({ url, drop }: Awaited<ReturnType<typeof freshStore>>): StoreSettings {
  onTestFinished(drop);
  return settingsFor(url);
}

async function inFile(): Promise<StoreSettings> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-store-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { kind: "sqlite", path: join(folder, "bellhop.db") };
}

import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../../src/config/config.ts";
import { openDatabase } from "../../test/scale/database.ts";

/** Resolves once a bridge has decided all that it has taken: what is measured next is not to share the processors with that. */
export async function decided({ store }: Config): Promise<void> {
  const database = await openDatabase(store);
  try {
    while ((await database.one(WAITING)) > 0) await pause(50);
  } finally {
    await database.close();
  }
}

const WAITING = "select exists (select 1 from events where status = 'stored')";

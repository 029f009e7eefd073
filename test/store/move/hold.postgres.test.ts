import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { openPostgres } from "../../../src/store/postgres/open.ts";
import { connectEnd, holdPostgres } from "../../../src/store/postgres/move-ends.ts";
import { freshStore } from "../../postgres/database.ts";
import { settingsFor } from "../../postgres/tables.ts";
import { arrived } from "../rows.ts";

it("a store in PostgreSQL that is being moved can be written by nobody, and read by all", async () => {
  const { url, drop } = await freshStore();
  onTestFinished(drop);
  const end = await connectEnd(settingsFor(url));
  const bridge = await openPostgres({ ...settingsFor(url), statementTimeoutMs: 1_000 });
  onTestFinished(() => bridge.close());
  const held = await holdPostgres(end, () => undefined);

  const byBridge = bridge.enqueue([arrived("a")]);

  await expect(byBridge).rejects.toThrow(/lock timeout|statement timeout/);
  expect(await bridge.backlog()).toBe(0);
  await expect(sql`delete from events`.execute(held.db)).rejects.toThrow("read-only transaction");
  await held.close();
  expect(await bridge.enqueue([arrived("a")])).toHaveLength(1);
});

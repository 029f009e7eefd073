import { Kysely, sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { breathing } from "../../src/store/sqlite/breathing.ts";
import { sqliteDialect } from "../../src/store/sqlite/dialect.ts";
import { connect } from "../../src/store/sqlite/open.ts";
import type { Processed } from "../../src/store/store.ts";
import { openEmptyStore } from "./empty-store.ts";
import { arrived, processed } from "./rows.ts";

/** Counts the event loop's turns while something is done. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let next: NodeJS.Immediate;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  next = setImmediate(count);
  await work();
  clearImmediate(next);
  return turns;
}

/** Decides an event slowly. */
function decide(): Processed {
  busy();
  return processed([]);
}

/** Holds up the process for longer than the store may. */
function busy(): void {
  const until = performance.now() + 3;
  while (performance.now() < until);
}

it("the event loop has a turn after each statement that took long", async () => {
  const database = connect(":memory:");
  database.function("busy", () => busy());
  const db = new Kysely<object>({ dialect: sqliteDialect(database), plugins: [breathing] });
  onTestFinished(() => db.destroy());

  const turns = await turnsDuring(() =>
    db.transaction().execute(async (trx) => {
      for (let count = 0; count < 10; count += 1) await sql`select busy()`.execute(trx);
    }),
  );

  expect(turns).toBeGreaterThanOrEqual(10);
});

it("the event loop has a turn after each event that took long to process", async () => {
  const store = await openEmptyStore();
  onTestFinished(() => store.close());
  await store.enqueue(Array.from({ length: 10 }, (_, index) => arrived(`key-${index}`)));
  const turns = await turnsDuring(() => store.process(10, Date.now(), decide));

  expect(turns).toBeGreaterThanOrEqual(10);
});

import { sql } from "kysely";
import { expect, it, onTestFinished } from "vitest";
import { openStore } from "../../src/store/open.ts";
import { beside } from "./beside.ts";
import { emptyStore, NOBODY } from "./empty-store.ts";
import { arrived, processed } from "./rows.ts";

it("an event that was decided before there were rulebooks still tells what routes said", async () => {
  const settings = await emptyStore();
  const store = await openStore(settings, NOBODY);
  onTestFinished(() => store.close());
  const [old, recent] = [arrived("old"), arrived("recent")];
  await store.enqueue([old, recent]);
  await store.process(2, old.receivedAt, () => processed([]));
  const kept = JSON.stringify([{ name: "as it was", matched: true }]);
  await beside(
    settings,
    sql`update events set verdicts = null, routes = ${kept} where id = ${old.id}`,
  );

  const { items } = await store.events({ limit: 2 });

  expect(items.map(({ routes }) => routes)).toEqual([
    [{ name: "all", matched: true }],
    [{ name: "as it was", matched: true }],
  ]);
});

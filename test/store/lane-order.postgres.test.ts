import { Client } from "pg";
import { expect, it, onTestFinished } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { openPostgres } from "../../src/store/postgres/open.ts";
import type { Store } from "../../src/store/store.ts";
import { freshDatabase } from "../postgres/database.ts";
import { arrived, newDelivery, processed } from "./rows.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const [QUIET, BUSY] = ["slack:a/C1", "slack:a/C2"] as const;

it("keeps a lane's order when a bridge that was first has to wait and another adds to the lane meanwhile", async () => {
  const { store, url } = await open();
  await store.enqueue([arrived("before")]);
  await store.process(1, NOW, () => processed([newDelivery(QUIET)]));
  await store.enqueue([arrived("one", { subject: "one" }), arrived("other", { subject: "other" })]);
  const letGo = await lockLane(url, QUIET);

  const waiting = store.process(1, NOW, () => processed([newDelivery(QUIET), newDelivery(BUSY)]));
  await expect.poll(() => isWaiting(url)).toBe(true);
  const [overtaking] = [newDelivery(BUSY)];
  await store.process(1, NOW, () => processed([overtaking]));
  await letGo();
  await waiting;

  const { items } = await store.deliveries({ limit: 10 });
  const inBusy = items.filter(({ lane }) => lane === BUSY).map(({ id }) => id);
  expect(inBusy).toHaveLength(2);
  expect(inBusy.at(-1)).toBe(overtaking.id);
});

async function open(): Promise<{ readonly store: Store; readonly url: string }> {
  const { url, drop } = await freshDatabase();
  const store = await openPostgres({
    kind: "postgres",
    url: new Secret(url),
    connections: 4,
    listen: false,
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  onTestFinished(async () => {
    await store.close();
    await drop();
  });
  return { store, url };
}

/** Holds a lane as a transaction of another bridge does, until it is let go. */
async function lockLane(url: string, lane: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("begin");
  await client.query("select id from lanes where id = $1 for update", [lane]);
  return async () => {
    await client.query("commit");
    await client.end();
  };
}

/** Whether a transaction waits for a lock. */
async function isWaiting(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  } finally {
    await client.end();
  }
}

import { describe, it, type TestContext } from "vitest";
import { openPostgres } from "../../src/store/postgres/open.ts";
import type { PostgresSettings } from "../../src/store/settings.ts";
import type { News } from "../../src/store/store.ts";
import { freshStore } from "../postgres/database.ts";
import { query } from "../postgres/query.ts";
import { settingsFor } from "../postgres/tables.ts";
import { openWay } from "../postgres/way.ts";
import { arrived } from "./rows.ts";

describe.concurrent("a store in a PostgreSQL database, when the network between falls silent", () => {
  it("cuts the connections, and goes on by others once the network is back", async (context) => {
    const { expect } = context;
    const { store, way, keys } = await open(context, { connections: 2 });
    way.silence();

    // By a connection that is open, by one that is to be opened, or by none because all wait for the time of the database.
    const silent = /no answer came within 6 s|it does not answer within `connect_timeout`/;
    await expect(store.enqueue([arrived("into the silence")])).rejects.toThrow(silent);
    await expect(store.enqueue([arrived("still silent")])).rejects.toThrow(silent);
    way.restore();
    await store.enqueue([arrived("afterwards")]);

    expect(await keys()).toEqual(["afterwards"]);
  });

  it("lets what it tells others hold no connection for good", async (context) => {
    const { expect } = context;
    const { store, way, keys } = await open(context, { connections: 1, listen: true });
    await store.enqueue([arrived("told to others in a moment")]);
    way.silence();
    way.restore();

    await expect
      .poll(() => store.ping().then(() => "written", String), { timeout: 30_000 })
      .toBe("written");
    await store.enqueue([arrived("afterwards")]);

    expect(await keys()).toEqual(["told to others in a moment", "afterwards"]);
  });

  it("notices that it hears nothing, and hears the others again on another connection", async (context) => {
    const { expect } = context;
    const { way, news } = await open(context, { listen: true });
    await expect.poll(() => news).toEqual(["events", "deliveries"]);
    way.silence();
    way.restore();

    await expect
      .poll(() => news, { timeout: 30_000 })
      .toEqual(["events", "deliveries", "events", "deliveries"]);
  });

  it("closes without an answer", async (context) => {
    const { expect } = context;
    const { store, way, news } = await open(context, { listen: true });
    await expect.poll(() => news).toHaveLength(2);
    way.silence();
    const writing = store.enqueue([arrived("into the silence")]);
    const ended = expect(writing).rejects.toThrow("cannot be used");

    await store.close();

    await ended;
  });
});

/** Opens a store by a way of its own, which are both gone with the test. */
async function open({ onTestFinished }: TestContext, more: Partial<PostgresSettings>) {
  const { url, drop } = await freshStore();
  const way = await openWay(url);
  const news: News[] = [];
  const patience = { statementTimeoutMs: 1_000, connectTimeoutMs: 1_000 };
  const store = await openPostgres(
    { ...settingsFor(way.url), ...patience, ...more },
    { onNews: (one) => news.push(one) },
  );
  onTestFinished(async () => {
    await store.close();
    await way.close();
    await drop();
  });
  const keys = async () => {
    const rows = await query(url, "select key from events order by seq");
    return rows.map(({ key }) => key);
  };
  return { store, way, news, keys };
}

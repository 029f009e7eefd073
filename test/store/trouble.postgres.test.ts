import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPostgres } from "../../src/store/postgres/open.ts";
import type { PostgresSettings } from "../../src/store/settings.ts";
import type { News, Store } from "../../src/store/store.ts";
import { createDatabase } from "../postgres/create-database.ts";
import { query } from "../postgres/query.ts";
import { ownServer, type OwnServer } from "../postgres/server.ts";
import { settingsFor } from "../postgres/tables.ts";
import { arrived } from "./rows.ts";

describe("a store on a server of PostgreSQL in trouble", () => {
  let server: OwnServer;
  let url: string;
  let store: Store;
  let failures: string[];
  let news: News[];
  let databases = 0;
  beforeAll(async () => (server = await ownServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    databases += 1;
    url = await createDatabase(server.url, `trouble_${databases}`);
    [failures, news] = [[], []];
  });
  afterEach(() => store.close());

  const open = async (more: Partial<PostgresSettings> = {}) => {
    store = await openPostgres(
      { ...settingsFor(url), statementTimeoutMs: 1_000, connectTimeoutMs: 1_000, ...more },
      {
        onFailure: (error) => failures.push((error as Error).message),
        onNews: (one) => news.push(one),
      },
    );
  };
  const enqueue = (key: string) => store.enqueue([arrived(key)]);
  const isWritable = () =>
    store.ping().then(
      () => true,
      () => false,
    );
  const keys = async () => {
    const rows = await query(
      server.url.replace(/postgres$/, `trouble_${databases}`),
      "select key from events order by seq",
    );
    return rows.map(({ key }) => String(key));
  };

  it("gives a statement up that waits for a lock, says why, and goes on once the lock is free", async () => {
    await open();
    const other = await connected(url);
    await other.query("begin; lock table events in exclusive mode");

    const waiting = enqueue("while locked");

    await expect(waiting).rejects.toThrow(
      /^The database trouble_\d+ at 127\.0\.0\.1:\d+ cannot be used: it did not finish within `statement_timeout`/,
    );
    expect(failures).toHaveLength(1);
    await other.end();
    await enqueue("afterwards");
    expect(await keys()).toEqual(["afterwards"]);
  });

  it("tells nothing of the rows that a statement was refused for", async () => {
    await open();
    const one = arrived("one");
    await store.enqueue([one]);

    const refused = store.enqueue([{ ...one, key: "other" }]);

    await expect(refused).rejects.toMatchObject({ code: "23505", constraint: "events_id_key" });
    await expect(refused).rejects.not.toHaveProperty("detail");
  });

  it("says that the server takes no more connections, and goes on when it does again", async () => {
    const role = await newOwner(server.url, url);
    url = role.url;
    await open();
    await query(server.url, `alter role ${role.name} connection limit 1`);
    await query(server.url, END_SESSIONS);
    const other = await connected(url);

    await expect
      .poll(() => enqueue("while full").catch(String))
      .toContain("it takes no more connections");
    await other.end();
    await expect.poll(isWritable).toBe(true);
    await enqueue("afterwards");

    expect(await keys()).toEqual(["afterwards"]);
  });

  it("keeps what it said it had written, whatever connections are ended meanwhile", async () => {
    await open({ listen: true });
    const killer = await connected(server.url);
    const written: string[] = [];
    const isEnough = () => written.length >= 20 && failures.length >= 3;
    const killing = (async () => {
      while (!isEnough()) {
        await killer.query(END_SESSIONS);
        await pause(100);
      }
    })();

    for (let count = 0; !isEnough(); count += 1) {
      const key = String(count);
      await enqueue(key).then(
        () => written.push(key),
        () => undefined,
      );
    }
    await killing;
    await killer.end();
    await expect.poll(isWritable).toBe(true);
    await enqueue("last");

    expect(await keys()).toEqual(expect.arrayContaining([...written, "last"]));
  });

  it("does not stay with a server that became a standby, and hears the others again when one takes writes", async () => {
    await open({ listen: true });
    await expect.poll(() => news).toEqual(["events", "deliveries"]);
    await server.demote();
    await expect
      .poll(async () => (await query(url, "select pg_is_in_recovery() as it"))[0])
      .toEqual({ it: true });

    await expect(enqueue("one")).rejects.toThrow();
    await expect(enqueue("two")).rejects.toThrow("it can only be read, as a standby");
    const lent = await query(
      url,
      "select 1 from pg_stat_activity where application_name = 'bellhop'",
    );
    await server.promote();
    await expect.poll(isWritable, { timeout: 10_000 }).toBe(true);
    await enqueue("afterwards");

    expect(lent).toEqual([]);
    expect(await keys()).toEqual(["afterwards"]);
    await expect
      .poll(() => news, { timeout: 10_000 })
      .toEqual(["events", "deliveries", "events", "deliveries"]);
  });
});

const END_SESSIONS =
  "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'bellhop'";

/** Gives a database to a role that is no superuser. */
async function newOwner(server: string, url: string): Promise<{ name: string; url: string }> {
  const changed = new URL(url);
  const database = changed.pathname.slice(1);
  const name = `owner_of_${database}`;
  await query(
    server,
    `create role ${name} login password 'secret'; alter database ${database} owner to ${name}`,
  );
  Object.assign(changed, { username: name, password: "secret" });
  return { name, url: changed.href };
}

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

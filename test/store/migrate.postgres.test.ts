import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openPostgres } from "../../src/store/postgres/open.ts";
import { startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, writeHouse } from "../end-to-end/house.ts";
import { launch } from "../end-to-end/process.ts";
import { freshDatabase, freshStore } from "../postgres/database.ts";
import { query } from "../postgres/query.ts";
import { settingsFor } from "../postgres/tables.ts";
import { arrived } from "./rows.ts";

/** How often the tables were made: each migration notes itself when it has been made. */
const MADE = "select count(*) as made, count(distinct name) as different from kysely_migration";

describe("a database that is shared with others", () => {
  it("keeps the store in a schema of its own, whatever tables there are in others", async () => {
    const { url, drop } = await freshStore();
    onTestFinished(drop);
    await query(url, "create schema apart");
    const apart = new URL(url);
    apart.searchParams.set("options", "-csearch_path=apart");

    const [store, other] = [
      await openPostgres(settingsFor(url)),
      await openPostgres(settingsFor(apart.href)),
    ];
    onTestFinished(async () => {
      await store.close();
      await other.close();
    });
    await other.enqueue([arrived("apart")]);

    expect([await store.backlog(), await other.backlog()]).toEqual([0, 1]);
  });
});

describe("bridges that start at the same moment on an empty database", () => {
  it("all come up, and one of them makes the tables", async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);

    const stores = await Promise.all(
      Array.from({ length: 8 }, () => openPostgres(settingsFor(url))),
    );
    onTestFinished(async () => {
      await Promise.all(stores.map((store) => store.close()));
    });
    await Promise.all(stores.map((store, at) => store.enqueue([arrived(`k${at}`)])));

    const [row] = await query(url, MADE);
    expect(row?.["made"]).toBe(row?.["different"]);
    expect(await stores[0]?.backlog()).toBe(8);
  });

  it("all come up as processes of their own", { timeout: 180_000 }, async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);
    const folder = await mkdtemp(join(tmpdir(), "bellhop-together-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const sandbox = await startSandbox();
    onTestFinished(() => sandbox.close());
    await writeHouse(folder, sandbox, {});
    const env = { ...environment(sandbox), STORE: url };

    const processes = Array.from({ length: 4 }, () => launch(folder, env));
    onTestFinished(async () => {
      await Promise.all(processes.map((one) => one.kill()));
    });
    const urls = await Promise.all(processes.map((one) => one.listening));
    const answers = await Promise.all(urls.map((one) => fetch(`${one}/readyz`)));
    const codes = await Promise.all(processes.map((one) => one.stop()));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(codes).toEqual([0, 0, 0, 0]);
  });
});

describe("tables that are brought up to date while bridges work on them", () => {
  it("are tried again when that met one of them in a deadlock", async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);
    for (const statement of DEADLOCK_ONCE) await query(url, statement);

    const store = await openPostgres(settingsFor(url));
    onTestFinished(() => store.close());

    await expect(store.ping()).resolves.toBeUndefined();
    expect(await query(url, "select last_value > 1 as again from tries")).toEqual([
      { again: true },
    ]);
  });
});

/** Has the first statement that changes a table fail; what a sequence gave is not taken back with the transaction. */
const DEADLOCK_ONCE = [
  "create sequence tries",
  `create function meet() returns event_trigger language plpgsql as $$
    begin
      if nextval('tries') = 1 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
    end $$`,
  "create event trigger meet on ddl_command_start execute function meet()",
];

describe("a user who may not make tables", () => {
  it("runs a bridge where the tables are up to date", async () => {
    const { url, drop } = await freshStore();
    onTestFinished(drop);

    const store = await openPostgres(settingsFor(await restricted(url)));
    onTestFinished(() => store.close());
    const [enqueued] = await store.enqueue([arrived("a")]);

    expect(enqueued).toMatchObject({ isDuplicate: false });
  });

  it("is told which right is missing where they are not, and leaves them as they are", async () => {
    const { url, drop } = await freshDatabase();
    onTestFinished(drop);
    await query(url, "revoke create on schema public from public");
    const role = await restricted(url);

    const refused = openPostgres(settingsFor(role));

    await expect(refused).rejects.toMatchObject({
      code: "store-unusable",
      message: expect.stringContaining("permission denied for schema public"),
      hint: expect.stringContaining("must be allowed to create tables"),
    });
    expect(await query(url, "select tablename from pg_tables where schemaname = 'public'")).toEqual(
      [],
    );
  });
});

/** The URL of a user who may read and write the rows of a database, and nothing else. */
async function restricted(url: string): Promise<string> {
  const user = `${new URL(url).pathname.slice(1)}_worker`;
  await query(url, `create role ${user} login password 'password'`);
  onTestFinished(async () => {
    await query(url, `drop owned by ${user}`);
    await query(url, `drop role ${user}`);
  });
  await query(
    url,
    `grant select, insert, update, delete on all tables in schema public to ${user}`,
  );
  await query(url, `grant usage on all sequences in schema public to ${user}`);
  const other = new URL(url);
  [other.username, other.password] = [user, "password"];
  return other.href;
}

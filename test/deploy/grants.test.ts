import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { openStore } from "../../src/store/open.ts";
import { documentAt } from "../docs/document.ts";
import { freshDatabase } from "../postgres/database.ts";

/** Where the grants stand, and their text. */
const GRANTS: readonly (readonly [string, string])[] = [
  ["deploy/postgres-init.sql", readFileSync("deploy/postgres-init.sql", "utf8")],
  ["docs/deploy.md", blockOf("grants")],
  ["docs/deploy.md, for a shared database,", blockOf("grants shared")],
];

describe.each(GRANTS)("the grants of %s", (_, text) => {
  test("are enough for a bridge to make its tables and to work on them", async () => {
    const { role } = await granted(text);

    const store = await openStore(settings(role), LISTENER);
    onTestFinished(() => store.close());

    await expect(store.ping()).resolves.toBeUndefined();
    await expect(store.backlog()).resolves.toBe(0);
    await expect(store.size()).resolves.toBeDefined();
  });

  test("make no superuser, and none who makes roles or databases", async () => {
    const { role } = await granted(text);

    const rights = await rowsAs(
      role,
      "select rolsuper, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = current_user",
    );

    expect(rights).toEqual([
      { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false },
    ]);
  });
});

test("a database of Bellhop's own can be entered by nobody else", async () => {
  const { admin, name } = await granted(blockOf("grants"));
  const stranger = `${name}_stranger`;
  await queryAs(admin, `create role ${stranger} login password 'password'`);
  onTestFinished(() => queryAs(admin, `drop role ${stranger}`));

  const entered = rowsAs(withUser(admin, stranger, name), "select 1");

  await expect(entered).rejects.toThrow(/permission denied for database/);
});

test("a schema of Bellhop's own holds all of its tables", async () => {
  const { role, name } = await granted(blockOf("grants shared"));
  const store = await openStore(settings(role), LISTENER);
  onTestFinished(() => store.close());

  const schemas = await rowsAs(
    role,
    `select distinct schemaname from pg_tables where tableowner = '${name}'`,
  );

  expect(schemas).toEqual([{ schemaname: name }]);
});

const LISTENER = { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} };

/** Runs the statements as a superuser, with names of this test's own, and gives back the URLs of the superuser and the role. */
async function granted(text: string) {
  const shared = await freshDatabase();
  onTestFinished(() => shared.drop());
  const name = `bellhop_${randomBytes(6).toString("hex")}`;
  const database = new URL(shared.url).pathname.slice(1);
  const isShared = !text.includes("create database");
  for (const statement of statementsIn(text, name, database)) await queryAs(shared.url, statement);
  onTestFinished(async () => {
    if (isShared) await queryAs(shared.url, `drop owned by ${name} cascade`);
    else await queryAs(shared.url, `drop database ${name} with (force)`);
    await queryAs(shared.url, `drop role ${name}`);
  });
  return {
    name,
    admin: shared.url,
    role: withUser(shared.url, name, isShared ? database : name),
  };
}

/** The statements, without what is for `psql` alone. */
function statementsIn(text: string, name: string, shared: string): string[] {
  return text
    .replaceAll(/^(?:--|\\).*$/gm, "")
    .replaceAll(/:'password'|'a long password'/g, "'password'")
    .replaceAll(/\bbellhop\b/g, name)
    .replaceAll(/\bshared\b/g, shared)
    .split(";")
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}

function blockOf(wanted: string): string {
  const block = documentAt("docs/deploy.md").blocks.find(({ info }) => info === wanted);
  if (block === undefined) throw new Error(`docs/deploy.md has no block "${wanted}".`);
  return block.text;
}

function withUser(url: string, user: string, database: string): string {
  const other = new URL(url);
  other.username = user;
  other.password = "password";
  other.pathname = `/${database}`;
  return other.href;
}

function settings(url: string) {
  return {
    kind: "postgres" as const,
    url: new Secret(url),
    connections: 2,
    listen: true,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 10_000,
  };
}

async function rowsAs(url: string, statement: string): Promise<readonly object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(statement)).rows;
  } finally {
    await client.end();
  }
}

async function queryAs(url: string, statement: string): Promise<void> {
  await rowsAs(url, statement);
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { checkConfig } from "../../src/config/load.ts";
import type { PostgresSettings, StoreSettings } from "../../src/store/settings.ts";

describe("a PostgreSQL store", () => {
  test("has what most need where only its URL is told", async () => {
    const settings = await postgres("postgres://localhost/bellhop");

    expect(settings).toMatchObject({
      connections: 10,
      listen: true,
      statementTimeoutMs: 30_000,
      connectTimeoutMs: 5_000,
    });
  });

  test("has the settings beside its URL, those from the environment too", async () => {
    const settings = await postgres({
      url: "postgresql://localhost/bellhop",
      connections: "${CONNECTIONS}",
      listen: false,
      statement_timeout: "2m",
      connect_timeout: "1s",
    });

    expect(settings).toMatchObject({
      connections: 25,
      listen: false,
      statementTimeoutMs: 120_000,
      connectTimeoutMs: 1_000,
    });
  });

  test.each([
    [
      "postgres://bellhop:secret@db.internal:6432/bellhop?sslmode=disable",
      { host: "db.internal", port: 6432, user: "bellhop", password: "secret", database: "bellhop" },
    ],
    [
      "POSTGRESQL://b%40ll:p%2F%40%23%25%20%C3%BCss+@[::1]/my%20b%C3%BCcher",
      { host: "::1", port: 5432, user: "b@ll", password: "p/@#% üss+", database: "my bücher" },
    ],
    [
      "postgres://bellhop:${PASSWORD}@localhost/bellhop",
      { host: "localhost", user: "bellhop", password: "from the environment" },
    ],
    [
      "postgres:///bellhop?host=/run/postgresql&port=5433&user=bellhop",
      { host: "/run/postgresql", port: 5433, user: "bellhop", database: "bellhop" },
    ],
    [
      "postgres://bellhop:secret@localhost/bellhop?host=/cloudsql/a:b:c",
      { host: "/cloudsql/a:b:c", user: "bellhop", password: "secret", database: "bellhop" },
    ],
    ["postgres://%2Frun%2Fpostgresql/bellhop", { host: "/run/postgresql", database: "bellhop" }],
  ])("of %s is reached where its URL says", async (url, expected) => {
    const settings = await postgres(url);

    expect(connectionOf(settings)).toMatchObject(expected);
  });

  test("gets any password as it is, once that is encoded", async () => {
    const password = fc
      .string({ unit: "binary", minLength: 1 })
      .filter((one) => !one.includes("\0"));

    await fc.assert(
      fc.asyncProperty(password, async (one) => {
        const encoded = encodeURIComponent(one);

        const settings = await postgres(`postgres://bellhop:${encoded}@localhost/bellhop`);

        expect(connectionOf(settings).password).toBe(one);
      }),
      { numRuns: 30 },
    );
  });

  test("has the name and options that its URL gives the connection", async () => {
    const settings = await postgres(
      "postgres://localhost/bellhop?application_name=bell%26hop&options=-csearch_path%3Da",
    );

    expect(connectionOf(settings)).toMatchObject({
      application_name: "bell&hop",
      options: "-csearch_path=a",
    });
  });
});

describe("the connection to a PostgreSQL store", () => {
  const CHECKED = {};
  const UNCHECKED = { rejectUnauthorized: false };

  test.each([
    ["nothing", "", false],
    ["disable", "?sslmode=disable", false],
    ["no-verify", "?sslmode=no-verify", UNCHECKED],
    ["require", "?sslmode=require", CHECKED],
    ["verify-ca", "?sslmode=verify-ca", CHECKED],
    ["verify-full", "?sslmode=verify-full", CHECKED],
    ["verify-full and what the system trusts", "?sslmode=verify-full&sslrootcert=system", CHECKED],
    ["direct negotiation alone", "?sslnegotiation=direct", CHECKED],
    ["require as libpq means it", "?sslmode=require&uselibpqcompat=true", UNCHECKED],
    ["verify-full and libpq", "?sslmode=verify-full&uselibpqcompat=true", CHECKED],
    ["a certificate of its own", "?sslrootcert=ca.pem", { ca: "a certificate" }],
    [
      "verify-ca as libpq means it",
      "?sslmode=verify-ca&uselibpqcompat=true&sslrootcert=ca.pem",
      { ca: "a certificate", checkServerIdentity: expect.any(Function) },
    ],
    [
      "a certificate for the client",
      "?sslmode=verify-full&sslcert=client.pem&sslkey=client%20key.pem",
      { cert: "a client", key: "a key" },
    ],
  ])("is encrypted as %s says, without a warning", async (_, parameters, expected) => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => void warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const settings = await postgres(`postgres://db.internal/bellhop${parameters}`);

    const { ssl } = connectionOf(settings);

    // Warnings are told in the next round of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    expect(
      ssl === false ? ssl : { ...ssl, ...(ssl.key === undefined ? {} : { key: ssl.key }) },
    ).toEqual(expected);
    expect(warnings).toEqual([]);
  });
});

describe("a database without encryption", () => {
  test.each([
    ["on another machine", "postgres://db.internal/bellhop", 1],
    ["in another container", "postgres://postgres/bellhop", 1],
    ["by choice", "postgres://db.internal/bellhop?sslmode=disable", 0],
    ["on this machine", "postgres://localhost/bellhop", 0],
    ["on this machine by its address", "postgres://127.0.0.1/bellhop", 0],
    ["on this machine by its IPv6 address", "postgres://[::1]/bellhop", 0],
    ["behind a Unix socket", "postgres:///bellhop?host=/run/postgresql", 0],
  ])("%s is warned of where it matters", async (_, store, count) => {
    const { problems } = await checked(store);

    expect(problems.map(({ severity }) => severity)).toEqual(Array(count).fill("warning"));
  });
});

describe("a database's password", () => {
  test("shows nowhere in a config", async () => {
    const { config } = await checked("postgres://bellhop:tell-nobody@localhost/bellhop");

    expect(config).toBeDefined();
    expect(inspect(config, { depth: null }) + JSON.stringify(config)).not.toContain("tell-nobody");
  });

  test("shows in no mistake, however badly the URL is written", async () => {
    const piece = fc.constantFrom(
      ..."@:/?#%&=+ '\"\\${}[]|,;!*üß".split(""),
      "://",
      "%4",
      "${",
      " #",
      "?host=",
    );
    // Whatever is left of the password has one of these letters, which stand nowhere else.
    const password = fc
      .array(piece, { minLength: 1, maxLength: 6 })
      .map((all) => `ЖЖ${all.join("ЖЖ")}ЖЖ`);
    const around = fc.constantFrom(
      (one: string) => `postgres://bellhop:${one}@db.internal:5432/bellhop?sslmode=verify`,
      (one: string) => `postgres://bellhop:${one}@db.internal`,
      (one: string) => `postgresql://:${one}@/bellhop?sslmod=disable`,
      (one: string) => `postgress://bellhop:${one}@db.internal/bellhop`,
      (one: string) => `postgres://bellhop:${one.replaceAll("@", "/")}`,
    );
    const written = fc.constantFrom(
      (url: string) => stringify({ store: url }, { lineWidth: 0 }),
      (url: string) => stringify({ store: { url, listen: 5 } }, { lineWidth: 0 }),
      // As they are, which may be no YAML at all; a wrong escape is told with its one character.
      (url: string) => `store: ${url}\n`,
      (url: string) => `store: { url: "${url.replaceAll("\\", "/")}", connections: 1000 }\n`,
    );

    await fc.assert(
      fc.asyncProperty(password, around, written, async (secret, write, inYaml) => {
        const yaml = inYaml(write(secret));

        const { text, problems, config } = await checkedText(yaml);

        expect(text + JSON.stringify(problems)).not.toContain("Ж");
        expect(problems.length > 0 || config !== undefined).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});

const REST = {
  sources: { polar: { type: "polar", secrets: ["secret"] } },
  destinations: { sales: { type: "slack", token: "xoxb-token", channel: "C024BE91L" } },
  routes: [{ send: "sales" }],
};

const ENV = { CONNECTIONS: "25", PASSWORD: "from%20the%20environment" };

function checked(store: unknown) {
  return checkedText(stringify({ store }, { lineWidth: 0 }));
}

async function checkedText(store: string) {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "ca.pem"), "a certificate");
  await writeFile(join(folder, "client.pem"), "a client");
  await writeFile(join(folder, "client key.pem"), "a key");
  const file = join(folder, "config.yaml");
  await writeFile(file, store + stringify(REST));
  return checkConfig(file, ENV);
}

async function postgres(store: unknown): Promise<PostgresSettings> {
  const { config, text } = await checked(store);
  const settings: StoreSettings | undefined = config?.store;
  if (settings?.kind !== "postgres") throw new Error(`This is no PostgreSQL store. ${text}`);
  return settings;
}

interface Connection {
  readonly password: string | null;
  readonly ssl: false | { readonly key?: string };
}

/** What the driver makes of the URL, before it connects. */
function connectionOf({ url }: PostgresSettings): Connection {
  const client: unknown = new Client({ connectionString: url.reveal() });
  return (client as { readonly connectionParameters: Connection }).connectionParameters;
}

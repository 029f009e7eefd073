import { expect, test } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { isSameStore, type PostgresSettings } from "../../src/store/settings.ts";

const SQLITE = { kind: "sqlite", path: "/data/bellhop.db" } as const;

const POSTGRES: PostgresSettings = {
  kind: "postgres",
  url: new Secret("postgres://bellhop:old@localhost/bellhop"),
  connections: 10,
  listen: true,
  statementTimeoutMs: 30_000,
  connectTimeoutMs: 5_000,
};

test("settings that were read twice are those of the same store", () => {
  const again = { ...POSTGRES, url: new Secret(POSTGRES.url.reveal()) };

  expect(isSameStore(SQLITE, { ...SQLITE })).toBe(true);
  expect(isSameStore(POSTGRES, again)).toBe(true);
});

test.each([
  ["another file", SQLITE, { ...SQLITE, path: "/data/other.db" }],
  ["another kind of database", SQLITE, POSTGRES],
  [
    "another password",
    POSTGRES,
    { ...POSTGRES, url: new Secret("postgres://bellhop:new@localhost/bellhop") },
  ],
  ["more connections", POSTGRES, { ...POSTGRES, connections: 20 }],
  ["a connection that listens no more", POSTGRES, { ...POSTGRES, listen: false }],
])("%s is not the same store", (_, one, other) => {
  expect(isSameStore(one, other)).toBe(false);
});

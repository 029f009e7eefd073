import { afterAll, describe } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { openPostgres } from "../../src/store/postgres/open.ts";
import { freshDatabase } from "../postgres/database.ts";
import { storeConformance } from "./conformance.ts";

describe("PostgreSQL", () => {
  const drops: (() => Promise<void>)[] = [];
  afterAll(async () => {
    await Promise.all(drops.map((drop) => drop()));
  });

  storeConformance(async () => {
    const { url, drop } = await freshDatabase();
    drops.push(drop);
    return openPostgres({
      kind: "postgres",
      url: new Secret(url),
      connections: 4,
      listen: false,
      statementTimeoutMs: 10_000,
      connectTimeoutMs: 5_000,
    });
  });
});

import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { openPostgres } from "../../src/store/postgres/open.ts";
import { clockAhead } from "../chaos/clock/ahead.ts";
import { type FreshDatabase, freshDatabase } from "../postgres/database.ts";
import { query } from "../postgres/query.ts";
import { settingsFor } from "../postgres/tables.ts";
import { arrived } from "../store/rows.ts";
import { environment, exchanged, PARTIES, post, sample, sourceOf, writeHouse } from "./house.ts";
import { serve, type Served } from "./process.ts";

const CONFIG = `${PARTIES.replace(/^store: .*$/m, "store:\n  url: ${STORE}\n  listen: ${LISTEN:-false}")}
routes:
  - name: everything
    send: [slack-bot, discord-bot]
`;

/** How long something may take on a machine that is busy. */
const PATIENTLY = { timeout: 60_000, interval: 50 };

const TEN_MINUTES_MS = 600_000;

describe("bridges on one PostgreSQL database", { timeout: 120_000 }, () => {
  let folder: string;
  let database: FreshDatabase;
  let sandbox: Sandbox;
  let env: Record<string, string>;
  let config: Config;
  let bridges: Served[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-shared-"));
    database = await freshDatabase();
    sandbox = await startSandbox({ rateLimits: false });
    env = { ...environment(sandbox), STORE: database.url };
    config = await writeHouse(folder, sandbox, { config: CONFIG, env });
    bridges = [];
  });
  afterEach(async () => {
    await Promise.all(bridges.map((one) => one.stop()));
    await sandbox.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const bridge = await serve(folder, { ...env, ...more });
    bridges.push(bridge);
    return bridge;
  };
  const send = async ({ url }: Served) => {
    const customer = { "992fae2a-2a17-4b7a-8d9e-e287cf90131b": randomUUID() };
    const body = await exchanged("polar/subscribed", customer);
    const sending = { id: randomUUID(), at: new Date(), headers: {} };
    return (await post(url, sourceOf(config, "polar"), body, sending)).status;
  };

  it("go by the database's clock, however wrong those of their machines are", async () => {
    const [fast, slow] = await Promise.all([
      start(clockAhead(TEN_MINUTES_MS)),
      start(clockAhead(-TEN_MINUTES_MS)),
    ]);
    for (const platform of ["slack", "discord"] as const)
      sandbox.fault({ platform, fault: { kind: "slow", ms: 2_000 }, count: 2 });

    const answers = [await send(fast), await send(slow)];
    await expect.poll(() => query(database.url, LEASES), PATIENTLY).not.toEqual([]);
    const leases = await query(database.url, LEASES);
    await expect.poll(() => sandbox.messages.length, PATIENTLY).toBe(4);
    const offBy = await query(database.url, OFF_BY);

    // A signature holds for five minutes.
    expect(answers).toEqual([202, 202]);
    for (const { seconds } of leases) expect(seconds).toBeLessThanOrEqual(15);
    expect(offBy).toHaveLength(2 + 4 + 4 + 4);
    for (const { seconds } of offBy) expect(Math.abs(Number(seconds))).toBeLessThan(120);
  });

  it.each(["true", "false"])(
    "process what another took and left, with `listen: %s`",
    async (LISTEN) => {
      await start({ LISTEN });
      const other = await openPostgres({ ...settingsFor(database.url), listen: LISTEN === "true" });

      const body = await sample("polar/subscribed");
      await other.enqueue([arrived("left", { body, receivedAt: Date.now() })]);
      await expect.poll(() => sandbox.messages.length, PATIENTLY).toBe(2);
      await other.close();

      const events = await query(database.url, "select status from events");
      expect(events).toEqual([{ status: "sent" }]);
    },
  );
});

const NOW = "extract(epoch from clock_timestamp()) * 1000";

const LEASES = `
  select ((lease_until - ${NOW}) / 1000)::float8 as seconds from lanes where lease_until is not null`;

/** By how much each time that the bridges wrote down is off, when all has just happened. */
const OFF_BY = `
  select ((at - ${NOW}) / 1000)::float8 as seconds from (
    select received_at as at from events
    union all select created_at from deliveries
    union all select started_at from attempts
    union all select ended_at from attempts
  ) as written`;

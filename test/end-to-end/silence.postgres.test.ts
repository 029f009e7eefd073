import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { type FreshDatabase, freshDatabase } from "../postgres/database.ts";
import { openWay, type Way } from "../postgres/way.ts";
import { environment, PARTIES, post, sample, sourceOf, writeHouse } from "./house.ts";
import { serve, type Served } from "./process.ts";

/** With the usual timeouts a statement is given up after 30 s, and its connection after 35 s. */
const CONFIG = `${PARTIES.replace("{ port: 0 }", "{ port: 0, shutdown_grace: 1s }").replace(
  /^store: .*$/m,
  "store: ${STORE}",
)}
routes:
  - name: everything
    send: [slack-bot, discord-bot]
`;

/** How long Polar and load balancers wait at most, in milliseconds. https://polar.sh/docs/integrate/webhooks/delivery */
const THEIR_PATIENCE_MS = 10_000;

describe("the process of a bridge whose PostgreSQL falls silent", { timeout: 120_000 }, () => {
  let folder: string;
  let database: FreshDatabase;
  let way: Way;
  let sandbox: Sandbox;
  let config: Config;
  let bridge: Served;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-silence-"));
    database = await freshDatabase();
    way = await openWay(database.url);
    sandbox = await startSandbox({ rateLimits: false });
    const env = { ...environment(sandbox), STORE: way.url };
    config = await writeHouse(folder, sandbox, { config: CONFIG, env });
    bridge = await serve(folder, env);
  });
  afterEach(async () => {
    await bridge.kill();
    await sandbox.close();
    await way.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async () => {
    const sending = { id: "one", at: new Date(), headers: {} };
    const body = await sample("polar/subscribed");
    return (await post(bridge.url, sourceOf(config, "polar"), body, sending)).status;
  };
  const get = async (path: string) => {
    const response = await fetch(`${bridge.url}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  it("answers whoever asks in time, and stops within its grace", async () => {
    way.silence();

    const [webhook, again, ready, metrics] = await Promise.all(
      [send(), send(), get("/readyz"), get("/metrics")].map(inTime),
    );
    const code = await inTime(bridge.stop());

    expect([webhook, again]).toEqual([503, 503]);
    expect(ready).toMatch(/^503 .*"store":"The database has not answered for 2 s\."/);
    expect(metrics).toContain("\nbellhop_store_writable 0\n");
    expect(code).toBe(0);
  });
});

function inTime(answering: Promise<unknown>): Promise<unknown> {
  return Promise.race([answering, pause(THEIR_PATIENCE_MS, "no answer in time", { ref: false })]);
}

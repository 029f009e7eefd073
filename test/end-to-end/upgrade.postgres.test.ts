import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { OLDEST_COMPATIBLE } from "../../src/store/migrations/index.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { beside } from "../store/beside.ts";
import { environment, exchanged, PARTIES, post, sourceOf, textOf, writeHouse } from "./house.ts";
import { makeNextVersion, NEXT_MIGRATION } from "./next-version.ts";
import { serve, type Served } from "./process.ts";

/** Discord tells its limits, so that nothing has to be paced. */
const CONFIG = `${PARTIES}
routes:
  - { name: everything, send: discord-bot }
`;

/** The order in the sample. */
const ORDER = "57107b74-8400-4d80-a2fc-54c2b4239cb3";

const SUMMARY = `---
summary: "{{data.data.id}}"
---
Paid.
`;

const orderOf = (at: number) => `order ${at}`;

/** How long after a webhook the next is sent, in milliseconds. */
const STEADILY_MS = 50;

describe("two versions on one database", { timeout: 300_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let config: Config;
  let served: Served[];
  /** Those that webhooks are sent to, as a load balancer knows them. */
  let behind: readonly Served[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-upgrade-"));
    sandbox = await startSandbox({ rateLimits: false });
    config = await writeHouse(folder, sandbox, {
      config: CONFIG,
      templates: { "default.hbs": SUMMARY },
    });
    [served, behind] = [[], []];
  });
  afterEach(async () => {
    await Promise.all(served.map((one) => one.kill()));
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  const start = async (main?: string) => {
    const one = await serve(folder, environment(sandbox), main);
    served.push(one);
    behind = [...behind, one];
    return one;
  };
  const stop = (one: Served) => {
    const stopped = one.stop();
    behind = behind.filter((other) => other !== one);
    return stopped;
  };
  /** Sends an order to the bridges in turn, and to the next where one does not take it; tells whether one did. */
  const send = async (at: number): Promise<boolean> => {
    const bridges = behind;
    const body = await exchanged("polar/order-paid", { [ORDER]: orderOf(at) });
    const sending = { id: `webhook-${at}`, at: new Date(), headers: {} };
    for (let tries = 0; tries < bridges.length; tries += 1) {
      const { url = "" } = bridges[(at + tries) % bridges.length] ?? {};
      const posted = post(url, sourceOf(config, "polar"), body, sending);
      // A socket may be cut by a bridge that stops.
      const answer = await posted.catch(() => undefined);
      if (answer?.status === 202) return true;
    }
    return false;
  };
  const told = () => sandbox.messages.map((one) => textOf(one, "content"));

  it("work side by side while one takes the other's place: each webhook is accepted, and told once", async () => {
    const next = await makeNextVersion(join(folder, "next"));
    const old = [await start(), await start()];
    const accepted: boolean[] = [];
    const rolled = new AbortController();
    const sending = (async () => {
      for (let at = 0; !rolled.signal.aborted; at += 1) {
        accepted.push(await send(at));
        await pause(STEADILY_MS);
      }
    })();

    for (const one of old) {
      await start(next);
      // Both versions are at work.
      await pause(10 * STEADILY_MS);
      await stop(one);
    }
    rolled.abort();
    await sending;
    while (told().length < accepted.length) await pause(20);
    const codes = await Promise.all(behind.map((one) => stop(one)));

    const migrations = await beside(
      config.store,
      sql<{ name: string }>`select name from kysely_migration order by name desc limit 1`,
    );
    expect(accepted).not.toContain(false);
    expect(accepted.length).toBeGreaterThan(40);
    expect(told().toSorted()).toEqual(accepted.map((_, at) => orderOf(at)).toSorted());
    expect(migrations).toEqual([{ name: NEXT_MIGRATION }]);
    expect(codes).toEqual([0, 0]);
  });

  it("allow the way back: the older one starts on what the newer one left", async () => {
    const next = await makeNextVersion(join(folder, "next"));
    await stop(await start(next));

    const older = await start();
    const isAccepted = await send(0);
    while (told().length === 0) await pause(20);
    const code = await stop(older);

    const [row] = await beside(
      config.store,
      sql<{ oldest: string }>`select oldest from compatibility`,
    );
    expect(isAccepted).toBe(true);
    expect(told()).toEqual([orderOf(0)]);
    expect(row?.oldest).toBe(OLDEST_COMPATIBLE);
    expect(code).toBe(0);
  });
});

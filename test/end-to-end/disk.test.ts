import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, EVERYWHERE, PARTIES, post, sample, sourceOf, writeHouse } from "./house.ts";
import { serve, type Served } from "./process.ts";

describe("a bridge whose store cannot be written", { timeout: 60_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let config: Config;
  let bridge: Served;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-disk-"));
    sandbox = await startSandbox({ rateLimits: false });
    config = await writeHouse(folder, sandbox, { config: PARTIES + EVERYWHERE });
    bridge = await serve(folder, environment(sandbox));
  });
  afterEach(async () => {
    await bridge.stop();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async (id: string) => {
    const sending = { id, at: new Date(), headers: {} };
    return post(bridge.url, sourceOf(config, "polar"), await sample(`polar/${id}`), sending);
  };
  const ready = async () => {
    const response = await fetch(`${bridge.url}/readyz`);
    const body = (await response.json()) as { store?: string };
    return { code: response.status, store: body.store };
  };
  const underWay = async () => {
    const response = await fetch(`${bridge.url}/api/deliveries?status=sending`);
    return ((await response.json()) as { deliveries: unknown[] }).deliveries.length;
  };
  const healthy = async () => (await fetch(`${bridge.url}/healthz`)).text();
  const kinds = () => sandbox.messages.map((one) => `${one.platform}-${one.kind}`).toSorted();
  const ALL = ["discord-bot", "discord-webhook", "slack-bot", "slack-webhook"];

  // Files that must not grow are, to SQLite, a disk that is full: writes fail with EFBIG as they would with ENOSPC.
  it("because the disk is full: refuses webhooks, says why, and takes and posts everything once there is room", async () => {
    for (const platform of ["slack", "discord"] as const)
      sandbox.fault({ platform, fault: { kind: "slow", ms: 2_000 }, count: 2 });
    const before = await send("subscribed");
    await until(async () => (await underWay()) === 4);
    limitFiles(bridge.pid, "4096");

    const refused = await send("plan-changed");
    const again = await send("plan-changed");
    const unready = await ready();
    const alive = await fetch(`${bridge.url}/healthz`);
    await until(async () => sandbox.messages.length >= 4);
    limitFiles(bridge.pid, "unlimited");
    await until(async () => (await ready()).code === 200);
    const after = await send("plan-changed");
    await until(async () => sandbox.messages.length >= 8);
    const code = await bridge.stop();

    expect(before.status).toBe(202);
    expect([refused.status, again.status, refused.headers.get("retry-after")]).toEqual([
      503,
      503,
      "5",
    ]);
    expect(unready).toMatchObject({
      code: 503,
      store: expect.stringContaining("disk I/O error"),
    });
    expect(alive.status).toBe(200);
    expect(after.body.status).toBe("accepted");
    expect(kinds()).toEqual([...ALL, ...ALL].toSorted());
    expect(code).toBe(0);
  });

  it("because another program holds it: answers everything else meanwhile, and goes on once that has ended", async () => {
    const other = new Database(join(folder, "bellhop.db"));
    other.exec("begin immediate");

    const answering = send("subscribed");
    let alive = 0;
    while (typeof (await Promise.race([answering, healthy()])) === "string") alive += 1;
    const refused = await answering;
    other.close();
    await until(async () => (await send("subscribed")).status === 202);
    await until(async () => sandbox.messages.length >= 4);

    expect(refused.status).toBe(503);
    expect(alive).toBeGreaterThan(10);
    expect(kinds()).toEqual(ALL);
  });
});

/** Limits how large files may become that a process writes, in bytes, so that it can be undone. */
function limitFiles(pid: number, bytes: string): void {
  execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:unlimited`]);
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

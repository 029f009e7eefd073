import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { type Bridge, startBridge } from "../../src/bridge.ts";
import type { Reloaded } from "../../src/bridge/reload.ts";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { save } from "../bridge/saving.ts";
import {
  type Answer,
  environment,
  memoryLog,
  post,
  sample,
  sourceOf,
  writeHouse,
} from "../end-to-end/house.ts";
import { serve, type Served } from "../end-to-end/process.ts";

/** Bridges that share one database and one sandbox; what was started goes with the test. */
export interface Neighbors {
  readonly sandbox: Sandbox;
  /** Starts a bridge in this process. */
  readonly start: (config: string) => Promise<Neighbor>;
  /** Starts a bridge in a process of its own, which can be killed. */
  readonly serve: (config: string) => Promise<Served & Pick<Neighbor, "send">>;
}

/** One of them. */
export interface Neighbor {
  readonly bridge: Bridge;
  readonly config: Config;
  readonly log: readonly string[];
  /** Signs a sample, such as `polar/created`, or other bytes as their source would, and posts them to this bridge. */
  readonly send: (source: string, body: string | Buffer) => Promise<Answer>;
  /** Has the bridge take over another config, as it does when its file was edited. */
  readonly reload: (config: string) => Promise<Reloaded>;
}

/** Opens a sandbox and a database for bridges of a test. */
export async function neighbors({ onTestFinished }: TestContext): Promise<Neighbors> {
  const sandbox = await startSandbox({ rateLimits: false });
  const ends: (() => Promise<unknown>)[] = [];
  onTestFinished(async () => {
    await Promise.all(ends.map((end) => end()));
    await sandbox.close();
  });
  const house = async (text: string) => {
    const folder = await mkdtemp(join(tmpdir(), "bellhop-neighbor-"));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    return { folder, config: await writeHouse(folder, sandbox, { config: text }) };
  };
  return {
    sandbox,
    start: async (text) => {
      const { folder, config } = await house(text);
      const log: string[] = [];
      const bridge = await startBridge(config, { log: memoryLog(log) });
      let stopping: Promise<void> | undefined;
      const stop = () => (stopping ??= bridge.stop());
      ends.push(stop);
      return {
        bridge: { ...bridge, stop },
        config,
        log,
        send: sender(bridge.url, config),
        reload: (other) => save({ folder, bridge, sandbox }, { "config.yaml": other }),
      };
    },
    serve: async (text) => {
      const { folder, config } = await house(text);
      const served = await serve(folder, environment(sandbox));
      ends.push(() => served.kill());
      return { ...served, send: sender(served.url, config) };
    },
  };
}

/**
 * Loads the platforms' clients, which takes the process as a whole a while: a bridge that is at work meanwhile would be cut
 * off by its database.
 */
export async function loadClients(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-clients-"));
  const sandbox = await startSandbox();
  const { destinations } = await writeHouse(folder, sandbox, {});
  await Promise.all(destinations.map((one) => one.open()));
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}

function sender(url: string, config: Config): Neighbor["send"] {
  return async (source, body) => {
    const bytes = typeof body === "string" ? await sample(body) : body;
    const sending = { id: randomUUID(), at: new Date(), headers: {} };
    return post(url, sourceOf(config, source), bytes, sending);
  };
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, EVERYWHERE, PARTIES, post, sample, sourceOf, writeHouse } from "./house.ts";
import { serve } from "./process.ts";

/** A bridge that waits two seconds for what is under way. */
const SHORT_GRACE = PARTIES.replace("{ port: 0 }", "{ port: 0, shutdown_grace: 2s }") + EVERYWHERE;

describe("the process of a bridge", { timeout: 60_000 }, () => {
  let folder: string;
  let sandbox: Sandbox;
  let config: Config;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-drain-"));
    sandbox = await startSandbox({ rateLimits: false });
    config = await writeHouse(folder, sandbox, { config: SHORT_GRACE });
  });
  afterEach(async () => {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async (url: string) => {
    const sending = { id: "one", at: new Date(), headers: {} };
    return post(url, sourceOf(config, "polar"), await sample("polar/subscribed"), sending);
  };
  const kinds = () => sandbox.messages.map((one) => `${one.platform}-${one.kind}`).toSorted();
  const ALL = ["discord-bot", "discord-webhook", "slack-bot", "slack-webhook"];
  /** Has this happen to the four messages. */
  const trouble = (fault: { kind: "hang"; taken: false } | { kind: "slow"; ms: number }) => {
    for (const platform of ["slack", "discord"] as const)
      sandbox.fault({ platform, fault, count: 2 });
  };

  it("that is told to stop lets attempts under way end, and takes nothing more", async () => {
    trouble({ kind: "slow", ms: 500 });
    const bridge = await serve(folder, environment(sandbox));
    await send(bridge.url);
    await until(() => sandbox.requests >= 4);
    process.kill(bridge.pid, "SIGTERM");
    await untilRefused(bridge.url);

    const code = await bridge.ended;

    expect(code).toBe(0);
    expect(kinds()).toEqual(ALL);
  });

  it("that is told to stop as soon as it says that it has started ends in order", async () => {
    const bridge = await serve(folder, environment(sandbox));

    expect(await bridge.stop()).toBe(0);
  });

  it("that is told to stop cuts off what hangs after its grace, and the next one sends it once", async () => {
    trouble({ kind: "hang", taken: false });
    const first = await serve(folder, environment(sandbox));
    await send(first.url);
    await until(() => sandbox.requests >= 4);
    const code = await first.stop();
    const posted = kinds();

    const second = await serve(folder, environment(sandbox));
    await until(() => sandbox.messages.length >= 4);
    await second.stop();

    expect(code).toBe(0);
    expect(posted).toEqual([]);
    expect(kinds()).toEqual(ALL);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "ends at once at a second signal, a %s",
    async (signal) => {
      config = await writeHouse(folder, sandbox, {
        config: SHORT_GRACE.replace("shutdown_grace: 2s", "shutdown_grace: 5m").concat(
          "delivery: { timeout: 5m }\n",
        ),
      });
      trouble({ kind: "hang", taken: false });
      const bridge = await serve(folder, environment(sandbox));
      await send(bridge.url);
      await until(() => sandbox.requests >= 4);

      process.kill(bridge.pid, "SIGTERM");
      await untilRefused(bridge.url);
      // A signal that comes twice in an instant, as from a terminal through npm, is one.
      await new Promise((resolve) => setTimeout(resolve, 500));
      process.kill(bridge.pid, signal);
      const code = await bridge.ended;

      expect(code).toBe(1);
    },
  );
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Resolves once nobody listens any more. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      await fetch(`${url}/healthz`, { headers: { connection: "close" } });
    } catch {
      return;
    }
  }
}

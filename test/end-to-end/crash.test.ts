import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, EVERYWHERE, PARTIES, post, sample, sourceOf, writeHouse } from "./house.ts";
import { serve } from "./process.ts";

describe("a bridge that is killed without any warning", () => {
  let folder: string;
  let sandbox: Sandbox;
  let config: Config;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-crash-"));
    sandbox = await startSandbox({ rateLimits: false });
    config = await writeHouse(folder, sandbox, { config: PARTIES + EVERYWHERE });
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

  it("between the 202 and the post: after a restart each message appears once", async () => {
    for (const platform of ["slack", "discord"] as const)
      sandbox.fault({ platform, fault: { kind: "hang", taken: false }, count: 2 });
    const first = await serve(folder, environment(sandbox));
    const answer = await send(first.url);
    const calls = sandbox.requests;
    await until(() => sandbox.requests >= calls + 4);
    await first.kill();
    expect(answer.status).toBe(202);
    expect(sandbox.messages).toEqual([]);

    sandbox.clear();
    const second = await serve(folder, environment(sandbox));
    await until(() => sandbox.messages.length >= 4);
    const again = await send(second.url);
    const code = await second.stop();

    expect(again.body).toEqual({ id: answer.body.id, status: "duplicate" });
    expect(kinds()).toEqual(ALL);
    expect(code).toBe(0);
  });

  it("after the platform took the message but before it said so: a bot does not post it again", async () => {
    for (const platform of ["slack", "discord"] as const)
      sandbox.fault({ platform, fault: { kind: "hang", taken: true }, count: 2 });
    const first = await serve(folder, environment(sandbox));
    await send(first.url);
    await until(() => sandbox.messages.length === 4);
    await first.kill();

    const calls = sandbox.requests;
    const second = await serve(folder, environment(sandbox));
    await until(
      () =>
        sandbox.requests >= calls + 4 &&
        kinds().filter((kind) => kind.endsWith("webhook")).length === 4,
    );
    const code = await second.stop();

    // A webhook can neither look nor be told apart: by `on_unknown: retry`, it posts once more.
    expect(kinds()).toEqual([
      "discord-bot",
      "discord-webhook",
      "discord-webhook",
      "slack-bot",
      "slack-webhook",
      "slack-webhook",
    ]);
    expect(code).toBe(0);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

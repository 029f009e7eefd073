import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/sandbox.ts";
import { environment, EVERYWHERE, PARTIES, writeHouse } from "./house.ts";
import { serve, type Served } from "./process.ts";

const CONFIG = PARTIES + EVERYWHERE;
const OTHER = CONFIG.replace("everything", "all");
const BROKEN = CONFIG.replace("send: [slack-bot,", "send: [slack-boot,");

describe("bellhop serve, while its config is edited", () => {
  let folder: string;
  let sandbox: Sandbox;
  let bridge: Served;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-reload-"));
    sandbox = await startSandbox();
    await writeHouse(folder, sandbox, { config: CONFIG });
    bridge = await serve(folder, environment(sandbox));
  });
  afterEach(async () => {
    await bridge.kill();
    await sandbox.close();
    await rm(folder, { recursive: true });
  });

  interface Ready {
    readonly revision: string;
    readonly config?: { readonly problems: readonly string[] };
  }
  const ready = async () => (await (await fetch(`${bridge.url}/readyz`)).json()) as Ready;
  const until = async (holds: (ready: Ready) => boolean) => {
    while (!holds(await ready())) await pause(20);
    return ready();
  };
  const edit = (text: string) => writeFile(join(folder, "config.yaml"), text);

  it("takes over what is saved, refuses mistakes, and ends as ever", async () => {
    const first = await ready();
    await edit(OTHER);
    const second = await until(({ revision }) => revision !== first.revision);
    await edit(BROKEN);
    const broken = await until(({ config }) => config !== undefined);
    await edit(CONFIG);
    const back = await until(({ config }) => config === undefined);
    const code = await bridge.stop();

    expect(broken.revision).toBe(second.revision);
    expect(broken.config?.problems).toEqual([expect.stringContaining('"slack-boot"')]);
    expect(back.revision).toBe(first.revision);
    expect(code).toBe(0);
  });

  it("looks at once when it is told to by SIGHUP, and goes on", async () => {
    const first = await ready();
    await edit(OTHER);
    process.kill(bridge.pid, "SIGHUP");
    const second = await until(({ revision }) => revision !== first.revision);
    process.kill(bridge.pid, "SIGHUP");
    await pause(100);

    expect((await ready()).revision).toBe(second.revision);
  });
});

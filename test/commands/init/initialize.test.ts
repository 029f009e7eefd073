import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { draftFrom, type InitOptions, planFrom } from "../../../src/commands/init/flags.ts";
import { initialize } from "../../../src/commands/init/initialize.ts";
import { stageOf } from "../../../src/commands/stage.ts";
import { checkConfig } from "../../../src/config/load.ts";
import { trialsIn, tryFile } from "../../../src/trials/try-file.ts";

/** Values by the beginnings, for platforms, and the ends of variables' names. */
const VALUES = {
  WEBHOOK_SECRET: "polar secret",
  SIGNING_SECRET: "plain secret",
  SLACK_BOT_TOKEN: "xoxb-token",
  SLACK_CHANNEL: "C024BE91L",
  SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T00000000/B00000000/abcdefgh",
  DISCORD_BOT_TOKEN: "discord-token",
  DISCORD_CHANNEL: "1099414111111111111",
  DISCORD_WEBHOOK_URL: "https://discord.com/api/webhooks/1099414111111111111/abcdefgh",
};

describe("a new configuration", () => {
  it.each<[string, Partial<InitOptions>]>([
    ["Polar and Slack", { source: ["polar"], destination: ["slack"] }],
    ["all types", { source: ["polar", "plain"], destination: ["slack", "discord"] }],
    ["the sandbox", { source: ["polar", "plain"], destination: ["slack"], sandbox: true }],
    [
      "several channels of the sandbox",
      { source: ["plain"], destination: ["a=slack", "b=slack", "discord"], sandbox: true },
    ],
    ["webhooks", { source: ["plain"], destination: ["slack", "discord"], with: "webhook" }],
    [
      "channels by name",
      { source: ["polar"], destination: ["discord"], channel: ["1099414111111111111"] },
    ],
    ["a named channel", { source: ["polar"], destination: ["slack"], channel: ["#sales"] }],
    ["several sources of a type", { source: ["polar", "billing=polar"], destination: ["slack"] }],
    [
      "names that YAML takes for something else",
      { source: ["on=polar"], destination: ["true=slack", "1=discord"] },
    ],
  ])("for %s passes check and its own tests once the variables are set", async (_, options) => {
    const folder = await temporaryFolder();
    const plan = planFrom(draftFrom({ source: [], destination: [], channel: [], ...options }));
    if (plan === null) throw new Error("The flags make no plan.");

    const { missing } = await initialize(folder, plan, { force: false });

    const env = Object.fromEntries(missing.map((name) => [name, valueOf(name)]));
    const { config, text } = await checkConfig(join(folder, "config.yaml"), env);
    expect(text).toBe("");
    if (config === undefined) throw new Error("The config is not right.");
    const stage = stageOf(config);
    const results = tryFile(
      await trialsIn(join(folder, "config.test.yaml"), stage),
      stage,
      () => true,
    );
    expect(results.length).toBeGreaterThan(1);
    expect(results.flatMap(({ failures }) => failures)).toEqual([]);
    expect(Object.keys(env).toSorted()).toEqual(await emptyIn(join(folder, ".env")));
  });

  it.each<[string, Partial<InitOptions>, RegExp]>([
    [
      "a channel that cannot be",
      { channel: ["news"] },
      /^destinations\.discord\.channel: A Discord channel is an id of 17 to 20/,
    ],
    [
      "a name that cannot be",
      { source: ["My Polar=polar"] },
      /^sources\["?My Polar"?\]: A name is made of lower-case/,
    ],
  ])("is not written with %s", async (_, options, reason) => {
    const folder = await temporaryFolder();
    const plan = planFrom(
      draftFrom({ source: ["polar"], destination: ["discord"], channel: [], ...options }),
    );
    if (plan === null) throw new Error("The flags make no plan.");

    const writing = initialize(join(folder, "new"), plan, { force: false });

    await expect(writing).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(reason) as string,
    });
    await expect(readFile(join(folder, "new", "config.yaml"))).rejects.toThrow("ENOENT");
  });
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-initialize-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function emptyIn(file: string): Promise<string[]> {
  const text = await readFile(file, "utf8");
  return [...text.matchAll(/^(\w+)=$/gm)].map(([, name = ""]) => name).toSorted();
}

function valueOf(name: string): string {
  const platform = /^(?:SLACK|DISCORD)_/.exec(name)?.[0] ?? "";
  const found = Object.entries(VALUES).find(
    ([key]) => key.startsWith(platform) && name.endsWith(key.slice(platform.length)),
  );
  if (found === undefined) throw new Error(`The test has no value for ${name}.`);
  return found[1];
}

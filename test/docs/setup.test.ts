import { globSync, readFileSync } from "node:fs";
import { PermissionFlagsBits } from "discord.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { documentAt, namesIn, rowsOf } from "./document.ts";

/**
 * The scopes that a bot needs for a method: for public and for private channels.
 * https://docs.slack.dev/reference/methods
 */
const SCOPES = new Map([
  ["auth.test", []],
  ["chat.postMessage", ["chat:write"]],
  ["conversations.history", ["channels:history", "groups:history"]],
  ["conversations.info", ["channels:read", "groups:read"]],
]);

describe("the manifest of a Slack app", () => {
  const block = documentAt("docs/slack.md").blocks.find(({ info }) => info === "manifest");
  const manifest = parse(block?.text ?? "") as {
    readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  };
  const { bot } = manifest.oauth_config.scopes;

  test("asks for the scopes of the methods that the code calls, and no other", () => {
    const methods = globSync("src/destinations/slack/*.ts").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/\bweb\.(\w+\.\w+)\(/g)].map(
        ([, method = ""]) => method,
      ),
    );

    const needed = [...new Set(methods)].flatMap((method) => SCOPES.get(method) ?? [method]);

    expect(methods.length).toBeGreaterThan(2);
    expect(bot.toSorted()).toEqual(needed.toSorted());
  });

  test("has each of its scopes explained", () => {
    expect(namesIn(rowsOf("docs/slack.md", "A bot", "scope"))).toEqual(bot);
  });
});

describe("the permissions of a Discord bot", () => {
  const rows = rowsOf("docs/discord.md", "A bot", "permission");
  const numbers = rows.map(([, number = ""]) => BigInt(number));

  test.each(rows)("%s have the number that Discord gives it", (name, number) => {
    const flag = name?.replaceAll(" ", "").replace("inThreads", "InThreads");

    const bits = PermissionFlagsBits[flag as keyof typeof PermissionFlagsBits];

    expect(String(bits)).toBe(number);
  });

  test("add up to the number in the address of the invitation", () => {
    const page = readFileSync("docs/discord.md", "utf8");

    const address = /<(https:\/\/discord\.com\/oauth2\/\S+)>/.exec(page)?.[1] ?? "";

    const asked = new URL(address).searchParams;
    expect(asked.get("permissions")).toBe(String(numbers.reduce((sum, one) => sum | one, 0n)));
    expect(asked.get("scope")).toBe("bot");
  });

  test("hold those that the code tells people to give", () => {
    const settings = readFileSync("src/destinations/discord/config.ts", "utf8");
    const [, told = ""] = /it needs ([^"]+)\."/.exec(settings) ?? [];

    const names = told.split(/, | and /);

    expect(names.length).toBeGreaterThan(2);
    expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(names));
  });
});

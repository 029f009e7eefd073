import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { callsIn, readHelp } from "./command-line.ts";
import { BLOCKS, blocksIn, DOCUMENTS, namesIn, rowsOf } from "./document.ts";
import { temporaryFolder } from "./folder.ts";

const run = promisify(execFile);
const HELP = await readHelp();

describe("the lines for a shell", () => {
  // Those of the tutorial are run by a test of their own, and those for servers are looked at by `test/deploy`.
  const blocks = blocksIn("sh").filter(({ info }) => !/^(?:tutorial|deploy)/.test(info));
  const lines = blocks.flatMap(({ place, text }) =>
    text
      .trim()
      .split("\n")
      .map((line) => ({ place, line: line.replace(/\s+#.*$/, "").trim() })),
  );

  test("are there, and some can be run without a network or an account", () => {
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter(({ line }) => isOffline(line)).length).toBeGreaterThan(1);
  });

  test.each(lines)("$line, at $place, calls what exists", ({ line }) => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object };

    for (const part of line.split(" && ")) {
      const [, script = ""] = /^npm (?:run )?(?:-s )?(\w+)(?: -- .+)?$/.exec(part) ?? [];
      expect(isOffline(part) || ["ci", "link"].includes(script) || script in scripts, part).toBe(
        true,
      );
    }
  });

  test("work in a checkout as they are written", { timeout: 60_000 }, async () => {
    const cwd = await checkout();
    const env = { ...process.env, ...SECRETS };

    for (const line of new Set(lines.map((one) => one.line).filter(isOffline)))
      await expect(run("sh", ["-ec", line], { cwd, env })).resolves.toBeDefined();
  });
});

describe("the commands in the documents", () => {
  const calls = [...BLOCKS.map(({ text }) => text), ...DOCUMENTS.flatMap(({ codes }) => codes)]
    .flatMap(callsIn)
    .filter(([command = ""]) => !command.startsWith("<"));

  test("exist, and so do their options", () => {
    expect(calls.length).toBeGreaterThan(10);
    for (const [command = "", ...words] of calls) {
      const options = words.filter((word) => word.startsWith("--"));
      expect([...HELP.keys()]).toContain(command);
      expect([...(HELP.get(command) ?? [])], command).toEqual(expect.arrayContaining(options));
    }
  });

  test("have every option that stands alone in backticks", () => {
    const options = DOCUMENTS.flatMap(({ codes }) => codes.filter((code) => /^--[a-z]/.test(code)));

    const known = [...HELP.values()].flatMap((names) => [...names]);

    expect(options.length).toBeGreaterThan(3);
    expect(known).toEqual(expect.arrayContaining(options));
  });

  test("are all in README's table, and no other", () => {
    const listed = namesIn(rowsOf("README.md", "Commands", "command"));

    const names = listed.map((code) => code.split(" ")[0]);

    expect(names).toEqual([...HELP.keys()].filter((name) => name !== "help"));
  });
});

function isOffline(line: string): boolean {
  return /^cp \S+ \S+$|^npm run -s bellhop -- (?:preview|check|test)\b(?!.*--live)/.test(line);
}

const SECRETS = {
  POLAR_WEBHOOK_SECRET: "polar secret",
  PLAIN_SIGNING_SECRET: "plain secret",
  SLACK_BOT_TOKEN: "xoxb-token",
  DISCORD_BOT_TOKEN: "discord-token",
  OPS_SLACK_WEBHOOK_URL: "https://hooks.slack.com/services/T00000000/B00000000/abcdefgh",
};

/** A folder that looks like a checkout with a config, in which the lines may write. */
async function checkout(): Promise<string> {
  const folder = await temporaryFolder();
  for (const shared of ["src", "samples", "templates", "node_modules", "package.json"])
    await symlink(resolve(shared), join(folder, shared));
  for (const file of ["config.example.yaml", "config.yaml"])
    await copyFile("config.example.yaml", join(folder, file));
  await copyFile("config.example.test.yaml", join(folder, "config.example.test.yaml"));
  return folder;
}

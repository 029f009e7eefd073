import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../end-to-end/process.ts";

const VALUES = {
  POLAR_WEBHOOK_SECRET: "polar secret",
  SLACK_BOT_TOKEN: "xoxb-token",
  SLACK_CHANNEL: "C024BE91L",
};

const FILES = [
  ".env",
  ".env.example",
  ".gitignore",
  "config.schema.json",
  "config.test.yaml",
  "config.yaml",
  "samples",
  "test.schema.json",
];

describe("bellhop init", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-init-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  const bellhop = (...args: string[]) => run(args, folder, {});
  const read = (name: string) => readFile(join(folder, name), "utf8");

  it("writes what check and test find fine once the variables are set", async () => {
    const written = await bellhop("init", "--source", "polar", "--destination", "slack");

    const checked = await run(["check", "--strict"], folder, VALUES);
    const tried = await run(["test"], folder, VALUES);
    expect(written).toMatchObject({ code: 0, err: "" });
    expect(written.out).toMatch(
      /1\. fill in \.env +POLAR_WEBHOOK_SECRET, SLACK_BOT_TOKEN and SLACK_CHANNEL have no value yet/,
    );
    expect(checked).toMatchObject({ code: 0, err: "" });
    expect(checked.out).toMatch(/^config\.yaml is fine: /);
    expect(tried).toMatchObject({ code: 0, err: "" });
    expect(tried.out).toContain("2 passed.");
  });

  it("writes nothing but what belongs together", async () => {
    await bellhop("init", "--source", "plain", "--destination", "slack");

    const names = await readdir(folder);
    expect(names.toSorted()).toEqual(FILES);
    for (const schema of ["config.schema.json", "test.schema.json"])
      expect(await read(schema)).toBe(await readFile(schema, "utf8"));
    expect(await read(".gitignore")).toBe(".env\ndata/\n");
    expect((await stat(join(folder, ".env"))).mode & 0o777).toBe(0o600);
  });

  it("needs no variable for the sandbox, and gives each folder a secret of its own", async () => {
    const args = ["--sandbox", "--source", "polar", "--destination", "slack"];
    await bellhop("init", "one", ...args);
    await bellhop("init", "two", ...args);

    const checked = await run(["check", "--strict"], join(folder, "one"), {});
    expect(checked).toMatchObject({ code: 0, err: "" });
    const secrets = await Promise.all(["one/.env", "two/.env"].map(read));
    for (const secret of secrets) expect(secret).toMatch(/^POLAR_WEBHOOK_SECRET=\w{48}$/m);
    expect(secrets[0]).not.toBe(secrets[1]);
    expect(await read("one/.env.example")).toMatch(/^POLAR_WEBHOOK_SECRET=$/m);
    expect(await read("one/config.yaml")).not.toMatch(/\w{48}/);
  });

  it.each(["config.yaml", "config.test.yaml", ".env.example", "samples/polar/created.json"])(
    "leaves %s as it is, and writes nothing else either",
    async (name) => {
      await mkdir(join(folder, "samples/polar"), { recursive: true });
      await writeFile(join(folder, name), "mine");

      const refused = await bellhop("init", "--source", "polar", "--destination", "slack");

      expect(refused.code).toBe(2);
      expect(refused.err).toContain(`${name} is there already; nothing was written.`);
      expect(refused.err).toContain("--force");
      expect(await read(name)).toBe("mine");
      const names = await readdir(folder, { recursive: true });
      expect(new Set(names)).toEqual(new Set(["samples", "samples/polar", name]));
    },
  );

  it("overwrites with --force, but never .env", async () => {
    await writeFile(join(folder, "config.yaml"), "mine");
    await writeFile(join(folder, ".env"), "POLAR_WEBHOOK_SECRET=mine\n");
    await writeFile(join(folder, ".gitignore"), "node_modules/\n.env");

    const written = await bellhop("init", "--force", "--source", "polar", "--destination", "slack");

    expect(written.code).toBe(0);
    expect(await read("config.yaml")).toContain("type: polar");
    expect(await read(".env")).toBe("POLAR_WEBHOOK_SECRET=mine\n");
    expect(await read(".gitignore")).toBe("node_modules/\n.env\ndata/\n");
    expect(written.out).toContain("SLACK_BOT_TOKEN and SLACK_CHANNEL have no value yet");
  });

  it.each([
    [[], /needs to know where.*--source polar --destination slack/s],
    [["--yes"], /--source polar --destination slack/],
    [["--source", "polr", "--destination", "slack"], /called "polr"\. Did you mean "polar"\?/],
  ])("refuses %s without writing anything", async (args, reason) => {
    const refused = await bellhop("init", ...args);

    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(reason);
    expect(await readdir(folder)).toEqual([]);
  });

  it("leaves no new folder behind when it fails", async () => {
    const refused = await bellhop(
      "init",
      "new/one",
      ..."--source polar --destination discord --channel news".split(" "),
    );

    expect(refused.code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it("says why where a folder cannot be made", async () => {
    await writeFile(join(folder, "taken"), "");

    const refused = await bellhop("init", "taken", "--source", "polar", "--destination", "slack");

    expect(refused.code).toBe(2);
    expect(refused.err).toContain("cannot be written");
  });
});

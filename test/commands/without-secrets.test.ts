import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../end-to-end/process.ts";

const EXAMPLE = new URL("../../config.example.yaml", import.meta.url).pathname;
const PAYLOAD = new URL("../../samples/polar/subscribed.json", import.meta.url).pathname;

/** As on the machine of somebody who edits routes and templates, or in CI. */
describe("where none of the config's secrets is set", () => {
  let folder: string;

  const bellhop = (...args: string[]) => run(args, folder, {});

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "bellhop-secrets-"));
    await copyFile(EXAMPLE, join(folder, "config.yaml"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("preview shows what comes of a payload", async () => {
    const { code, out } = await bellhop("preview", PAYLOAD);

    expect(code).toBe(0);
    expect(out).toContain("Ada Lindqvist");
  });

  it("routes --offline draws the routes", async () => {
    const { code, out } = await bellhop("routes", "--offline");

    expect(code).toBe(0);
    expect(out).toMatch(/^Routes \(config [0-9a-f]{12}\)$/m);
  });

  it("check names each of them", async () => {
    const { code, out } = await bellhop("check");

    expect(code).toBe(2);
    expect(out).toContain('The environment variable "SLACK_BOT_TOKEN" is not set.');
  });

  it("check --without-secrets finds the config fine", async () => {
    const { code, out } = await bellhop("check", "--strict", "--without-secrets");

    expect(code).toBe(0);
    expect(out).toMatch(/^config\.yaml is fine: /);
  });

  it("check --without-secrets still tells other mistakes", async () => {
    const config = await readFile(EXAMPLE, "utf8");
    await writeFile(join(folder, "config.yaml"), config.replace("type: discord", "type: teams"));

    const { code, out } = await bellhop("check", "--without-secrets");

    expect(code).toBe(2);
    expect(out).toMatch(/^config\.yaml has \d problem/);
    expect(out).toContain('"teams"');
    expect(out).not.toContain("is not set");
  });

  it("check does not ask Slack and Discord without them", async () => {
    const { code, err } = await bellhop("check", "--live", "--without-secrets");

    expect(code).toBe(2);
    expect(err).toBe("--live asks with the secrets.\nLeave out --without-secrets.\n");
  });
});

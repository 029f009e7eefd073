import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkConfig } from "../../src/config/load.ts";
import { writeLarge } from "./large.ts";

test("a check of twice the routes and templates does at most four times the work", async () => {
  const [small, large] = [folder(), folder()];
  const [few, many] = [writeLarge(small, 100, 25), writeLarge(large, 200, 50)];
  await checkConfig(few, {});

  const [before, after] = [await workOf(few), await workOf(many)];

  expect(after / before).toBeLessThan(4);
});

test("many routes and templates of all kinds are without a false alarm", async () => {
  const { text } = await checkConfig(writeLarge(folder(), 60, 20), {});

  expect(text).toBe("");
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "bellhop-large-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** The least processor time of three checks, in microseconds: others on this machine count for little in it. */
async function workOf(file: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 3; run++) {
    const start = process.cpuUsage();
    await checkConfig(file, {});
    const { user, system } = process.cpuUsage(start);
    times.push(user + system);
  }
  return Math.min(...times);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SimulatedClock } from "./simulated-clock.ts";

const HOUR_MS = 3_600_000;

/** Sleeps an hour in every way there is, and tells whether its dates ever went back. */
const SLEEPER = `
  import { setTimeout as sleep } from "node:timers/promises";
  const began = Date.now();
  let [last, back, ticks] = [began, 0, 0];
  setInterval(() => {
    ticks += 1;
    if (Date.now() < last) back += 1;
    last = Date.now();
  }, 60_000);
  const aborted = new Promise((resolve) => {
    const signal = AbortSignal.timeout(${HOUR_MS});
    signal.addEventListener("abort", () => resolve(signal.reason.name));
  });
  const never = setTimeout(() => process.exit(1), 1_000);
  clearTimeout(never);
  await Promise.all([sleep(${HOUR_MS}), new Promise((resolve) => setTimeout(resolve, ${HOUR_MS}))]);
  const slept = new Date() - began;
  console.log(JSON.stringify({ slept, back, ticks, reason: await aborted }));
  process.exit();
`;

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellhop-clock-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a process in simulated time lives through hours of it, at any pace, and never goes back", async () => {
  const clock = await SimulatedClock.start(join(folder, "clock.json"));
  const child = spawn(process.execPath, ["--input-type=module", "--eval", SLEEPER], {
    env: clock.environment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (text: Buffer) => (told += text.toString()));
  const before = clock.now();

  await clock.pace(3_000);
  await clock.pace(2_000);
  await clock.pace(6_000);
  await once(child, "close");

  const { slept, back, ticks, reason } = JSON.parse(told) as Record<string, unknown>;
  expect(slept).toBeGreaterThanOrEqual(HOUR_MS);
  expect(clock.now() - before).toBeGreaterThanOrEqual(HOUR_MS);
  expect(back).toBe(0);
  expect(ticks).toBeGreaterThan(1);
  expect(reason).toBe("TimeoutError");
});

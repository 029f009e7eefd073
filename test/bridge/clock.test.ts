import { expect, it } from "vitest";
import { Clock } from "../../src/bridge/clock.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");

it("a bridge's clock is that of its machine, in whole milliseconds", () => {
  const clock = new Clock(() => NOON + 0.9);

  expect(clock.now()).toBe(NOON);
});

it("a bridge's clock goes by the one that it was set by, also when the machine's is set meanwhile", () => {
  let machine = NOON;
  const clock = new Clock(() => machine);
  clock.set(NOON - 300_000);

  machine += 3_600_000;
  const behind = clock.now() - NOON;

  expect(behind).toBeGreaterThanOrEqual(-300_000);
  expect(behind).toBeLessThan(-200_000);
});

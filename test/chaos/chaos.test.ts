import { describe, expect, it } from "vitest";
import { SCENARIOS } from "./scenarios/index.ts";

/** The same every time, so that a failure can be had again; `npm run chaos` takes another at each run. */
const SEED = 1;

const UNHEARD = { progress: () => {}, found: () => {} };

const TIMEOUT_MS = 180_000;

describe("the bridge under faults, in short", () => {
  it.each(SCENARIOS)(
    "$name: $title",
    async (scenario) => {
      const figures = await scenario.run({ size: "short", seed: SEED, ...UNHEARD });

      expect(figures.filter(({ holds }) => !holds)).toEqual([]);
      expect(figures.filter(({ wanted }) => wanted !== null)).not.toEqual([]);
    },
    TIMEOUT_MS,
  );
});

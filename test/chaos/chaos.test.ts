import { afterAll, describe, expect, it } from "vitest";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { openStores } from "./stores/stores.ts";
import type { StoreKind } from "./stores/trial-store.ts";

/** The same every time, so that a failure can be had again; `npm run chaos` takes another at each run. */
const SEED = 1;

const UNHEARD = { progress: () => {}, found: () => {} };

const TIMEOUT_MS = 300_000;

/** What the short forms of are worth their time on PostgreSQL; `npm run chaos` runs all there. */
const ON_POSTGRES: readonly string[] = ["kill", "bridges"];

describe("the bridge under faults, in short, on SQLite", () => {
  suite("sqlite", () => true);
});

describe("the bridge under faults, in short, on PostgreSQL", () => {
  suite("postgres", ({ name }) => ON_POSTGRES.includes(name));
});

function suite(kind: StoreKind, isAsked: (scenario: Scenario) => boolean): void {
  const stores = openStores(kind);
  afterAll(() => stores.close());

  it.each(SCENARIOS.filter((one) => isAsked(one) && (one.stores ?? [kind]).includes(kind)))(
    "$name: $title",
    async (scenario) => {
      const figures = await scenario.run({ size: "short", seed: SEED, stores, ...UNHEARD });

      expect(figures.filter(({ holds }) => !holds)).toEqual([]);
      expect(figures.filter(({ wanted }) => wanted !== null)).not.toEqual([]);
    },
    TIMEOUT_MS,
  );
}

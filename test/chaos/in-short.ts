import { afterAll, expect, it } from "vitest";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { openStores } from "./stores/stores.ts";
import type { StoreKind } from "./stores/trial-store.ts";

/** The same every time, so that a failure can be had again; `npm run chaos` takes another at each run. */
const SEED = 1;

const UNHEARD = { progress: () => {}, found: () => {} };

/** A short form takes a minute or two; on a machine that does much else, several times that. */
const TIMEOUT_MS = 900_000;

/** The short forms of scenarios, on one kind of store. */
export function inShort(kind: StoreKind, isAsked: (scenario: Scenario) => boolean): void {
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

import { parseArgs } from "node:util";
import type { Plan, Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { STORE_KINDS, type StoreKind } from "./stores/trial-store.ts";

/** What a command line asks for. */
export interface Asked extends Required<Pick<Plan, "seed" | "size" | "only">> {
  readonly runs: readonly Run[];
  readonly isJson: boolean;
}

interface Run {
  readonly scenario: Scenario;
  readonly store: StoreKind;
}

/** Reads a command line; `undefined` when it makes no sense. */
export function askedFor(args: readonly string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        store: { type: "string" },
        short: { type: "boolean", default: false },
        seed: { type: "string", default: String(Date.now() % 1_000_000) },
        only: { type: "string", default: "" },
        json: { type: "boolean", default: false },
      },
    });
    const scenarios = SCENARIOS.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    const runs = runsOf(scenarios, values.store);
    const isKnown = positionals.every((name) =>
      runs.some(({ scenario }) => scenario.name === name),
    );
    const seed = Number(values.seed);
    if (!isKnown || runs.length === 0 || !Number.isSafeInteger(seed)) return undefined;
    const size = values.short ? "short" : "full";
    return { runs, seed, size, only: values.only, isJson: values.json };
  } catch {
    return undefined;
  }
}

/** Each scenario on those of the stores asked for that it can run on; on its first, unless any is asked for. */
function runsOf(scenarios: readonly Scenario[], asked: string | undefined): Run[] {
  const kinds = STORE_KINDS.filter((kind) => asked === "both" || asked === kind);
  return scenarios.flatMap((scenario) => {
    const able = scenario.stores ?? STORE_KINDS;
    const stores =
      asked === undefined ? able.slice(0, 1) : able.filter((one) => kinds.includes(one));
    return stores.map((store) => ({ scenario, store }));
  });
}

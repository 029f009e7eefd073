import { askedFor, type Asked } from "./asked.ts";
import { allHold, lines, type Result, table } from "./figures.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { openStores, type Stores } from "./stores/stores.ts";
import { STORE_KINDS, type StoreKind } from "./stores/trial-store.ts";

const USAGE = `npm run chaos [-- <scenario>…] [--store sqlite|postgres|both] [--short] [--seed N] [--only <text>] [--json]

${SCENARIOS.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join("\n")}

Without --store, all run on SQLite but those that need several bridges: these run on PostgreSQL.
`;

/** The least time between two lines of progress, in milliseconds; ours. */
const PROGRESS_EVERY_MS = 1_000;

await main();

async function main(): Promise<void> {
  const asked = askedFor(process.argv.slice(2));
  if (asked === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  // So that `exit` is heard, and no bridge is left behind.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  process.stderr.write(`The seed is ${asked.seed}.\n`);
  const results: Result[] = [];
  for (const kind of STORE_KINDS) results.push(...(await runOn(kind, asked)));
  const text = asked.isJson ? `${JSON.stringify(results, null, 2)}\n` : table(results);
  process.stdout.write(text);
  if (!allHold(results)) process.exitCode = 1;
}

async function runOn(kind: StoreKind, asked: Asked): Promise<Result[]> {
  const stores = openStores(kind);
  const results: Result[] = [];
  try {
    for (const { scenario, store } of asked.runs)
      if (store === kind) results.push(await runOne(scenario, stores, asked));
    return results;
  } finally {
    await stores.close();
  }
}

async function runOne(scenario: Scenario, stores: Stores, how: Asked): Promise<Result> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  let toldAt = -Infinity;
  const progress = (text: string) => {
    if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`${scenario.name} ${Math.round(seconds())} s: ${text}\n`);
  };
  const { name, title } = scenario;
  const { seed, size, only } = how;
  const figures = await scenario.run({ seed, size, only, stores, progress, found });
  return { scenario: { name, title }, store: stores.kind, figures, seconds: seconds() };
}

function found(figures: readonly Figure[]): void {
  process.stderr.write(`${lines(figures)}\n`);
}

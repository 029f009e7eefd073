import { parseArgs } from "node:util";
import { allHold, lines, type Result, table } from "./figures.ts";
import type { Figure, Plan, Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";

const USAGE = `npm run chaos [-- <scenario>…] [--short] [--seed N] [--only <text>] [--json]

${SCENARIOS.map(({ name, title }) => `  ${name.padEnd(12)}${title}`).join("\n")}
`;

/** The least time between two lines of progress, in milliseconds; ours. */
const PROGRESS_EVERY_MS = 1_000;

await main();

async function main(): Promise<void> {
  const asked = readArguments();
  if (asked === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  // So that `exit` is heard, and no bridge is left behind.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  process.stderr.write(`The seed is ${asked.seed}.\n`);
  const results: Result[] = [];
  for (const scenario of asked.scenarios) results.push(await runOne(scenario, asked));
  const text = asked.isJson ? `${JSON.stringify(results, null, 2)}\n` : table(results);
  process.stdout.write(text);
  if (!allHold(results)) process.exitCode = 1;
}

async function runOne(scenario: Scenario, how: Omit<Plan, "progress" | "found">): Promise<Result> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1_000;
  let toldAt = -Infinity;
  const progress = (text: string) => {
    if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = performance.now();
    process.stderr.write(`${scenario.name} ${Math.round(seconds())} s: ${text}\n`);
  };
  const figures = await scenario.run({ ...how, progress, found });
  return { scenario: { name: scenario.name, title: scenario.title }, figures, seconds: seconds() };
}

function found(figures: readonly Figure[]): void {
  process.stderr.write(`${lines(figures)}\n`);
}

interface Asked extends Omit<Plan, "progress" | "found"> {
  readonly scenarios: readonly Scenario[];
  readonly isJson: boolean;
}

/** What the command line asks for; `undefined` when it makes no sense. */
function readArguments(): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        short: { type: "boolean", default: false },
        seed: { type: "string", default: String(Date.now() % 1_000_000) },
        only: { type: "string", default: "" },
        json: { type: "boolean", default: false },
      },
    });
    const isKnown = positionals.every((name) => SCENARIOS.some((one) => one.name === name));
    const seed = Number(values.seed);
    if (!isKnown || !Number.isSafeInteger(seed)) return undefined;
    const scenarios = SCENARIOS.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    const size = values.short ? "short" : "full";
    return { scenarios, seed, size, only: values.only, isJson: values.json };
  } catch {
    return undefined;
  }
}

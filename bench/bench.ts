import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Bench, Effort } from "./benches/bench.ts";
import { BENCHES } from "./benches/index.ts";
import type { Figure } from "./figure.ts";
import { machine, stolenShare, ticks } from "./machine.ts";
import { table } from "./table.ts";

const USAGE = `npm run bench [-- <name>...] [--rounds N] [--long] [--short] [--json]

Measures Bellhop beside yardsticks that run in the same minutes, prints a table, and writes all rounds to
bench/results/<date>.json. Run it on a machine that does nothing else; the whole takes less than five minutes.

  --rounds N  how often everything is measured; 3 unless given
  --long      more of what takes long: 600 messages into one channel, and a million events
  --short     a twentieth of the work, to try the benches themselves; writes no file
  --json      prints what is written to the file instead of the table

Benches:
${BENCHES.map(({ name, about }) => `  ${name.padEnd(11)} ${about}`).join("\n")}
`;

/** What `--short` leaves of the work. */
const SHORT = 0.05;

/** The share of the processors' time that the host may take before absolute figures say little; ours. */
const MOST_STOLEN = 0.02;

/** How a run of benches is wished for. */
interface Asked extends Pick<Effort, "rounds" | "isLong"> {
  readonly benches: readonly Bench[];
  readonly isShort: boolean;
  readonly isJson: boolean;
}

/** What one bench came to. */
interface Result {
  readonly bench: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
}

await main();

async function main(): Promise<void> {
  const asked = readArgs();
  if (asked === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  // So that `exit` is heard, and no server is left behind.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const [date, before, began] = [new Date().toISOString(), machine(), ticks()];
  const results: Result[] = [];
  for (const bench of asked.benches) results.push(...(await runBench(bench, asked)));
  const stolen = stolenShare(began, ticks());
  const { rounds, isLong } = asked;
  const written = { date, machine: before, stolenShare: stolen, rounds, isLong, results };
  if (!asked.isShort) keep(date, written);
  const figures = results.flatMap((result) => result.figures);
  if (stolen !== null && stolen > MOST_STOLEN)
    say(
      `The host took ${Math.round(100 * stolen)} % of the processors' time: only ratios say something.`,
    );
  process.stdout.write(
    asked.isJson ? `${JSON.stringify(written, null, 2)}\n` : `${table(figures)}\n`,
  );
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What a bench came to, if it did: on a machine that is too busy one may fail, and the others still count. */
async function runBench(bench: Bench, { rounds, isLong, isShort }: Asked): Promise<Result[]> {
  const began = performance.now();
  try {
    const figures = await bench.run({ rounds, isLong, scale: isShort ? SHORT : 1, say });
    const seconds = Math.round((performance.now() - began) / 1_000);
    return [{ bench: bench.name, seconds, figures }];
  } catch (error) {
    say(`${bench.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return [];
  }
}

function keep(date: string, written: object): void {
  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const name = `${date.slice(0, 19).replaceAll(":", "")}.json`;
  writeFileSync(new URL(name, folder), `${JSON.stringify(written, null, 2)}\n`);
  process.stderr.write(`All rounds are in bench/results/${name}\n`);
}

function readArgs(): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: "string", default: "3" },
        long: { type: "boolean", default: false },
        short: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const rounds = Number(values.rounds);
    const benches = BENCHES.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    );
    const isKnown = positionals.every((name) => benches.some((bench) => bench.name === name));
    if (!isKnown || !Number.isInteger(rounds) || rounds < 1) return undefined;
    return { benches, rounds, isLong: values.long, isShort: values.short, isJson: values.json };
  } catch {
    return undefined;
  }
}

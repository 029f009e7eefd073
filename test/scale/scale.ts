import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { openStores, type Stores } from "../chaos/stores/stores.ts";
import { raw, type Raw } from "./raw.ts";
import { type Measured, measure, type Work } from "./round.ts";
import { table } from "./table.ts";

/** One time through all that is compared. */
export interface Pass {
  readonly raws: readonly Raw[];
  readonly rounds: readonly Round[];
}

/** Bridges on a store. */
export interface Round {
  readonly store: Stores["kind"];
  readonly bridges: number;
  readonly measured: readonly Measured[];
}

const USAGE = `npm run scale [-- --short] [--passes N] [--json]

Measures intake, process and deliver with one bridge on SQLite, and with 1, 2 and 4 on a server of PostgreSQL of its own.
Everything is measured in turn, twice unless --passes says otherwise: on a machine that does something else as well,
only what one run says can be compared.
`;

const FULL: Work = { intake: 3_000, process: 4_000, deliver: 3_000 };
const SHORT: Work = { intake: 400, process: 600, deliver: 400 };

const COMPARED = [
  { store: "sqlite", bridges: 1 },
  { store: "postgres", bridges: 1 },
  { store: "postgres", bridges: 2 },
  { store: "postgres", bridges: 4 },
] as const;

await main();

async function main(): Promise<void> {
  const asked = readArgs();
  if (asked === undefined) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  // So that `exit` is heard, and neither a bridge nor a server is left behind.
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const stores = { sqlite: openStores("sqlite"), postgres: openStores("postgres") };
  const passes: Pass[] = [];
  try {
    for (let pass = 0; pass < asked.passes; pass += 1)
      passes.push(await passThrough(stores, asked.work));
  } finally {
    await stores.postgres.close();
  }
  const machine = { processors: cpus().length, load: loadavg()[0] };
  const text = asked.isJson ? JSON.stringify({ machine, passes }, null, 2) : table(passes);
  process.stdout.write(`${text}\n`);
}

async function passThrough(
  stores: Readonly<Record<Stores["kind"], Stores>>,
  work: Work,
): Promise<Pass> {
  const raws: Raw[] = [];
  for (const connections of [1, 4]) raws.push(await raw(stores.postgres, connections, work.intake));
  const rounds: Round[] = [];
  for (const { store, bridges } of COMPARED) {
    const measured = await measure(stores[store], bridges, work);
    rounds.push({ store, bridges, measured });
    const rates = measured.map(({ phase, perSecond }) => `${phase} ${Math.round(perSecond)}/s`);
    process.stderr.write(`${store} ${bridges}: ${rates.join(", ")}\n`);
  }
  return { raws, rounds };
}

function readArgs(): { work: Work; passes: number; isJson: boolean } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        short: { type: "boolean", default: false },
        passes: { type: "string", default: "2" },
        json: { type: "boolean", default: false },
      },
    });
    const passes = Number(values.passes);
    if (!Number.isInteger(passes) || passes < 1) return undefined;
    return { work: values.short ? SHORT : FULL, passes, isJson: values.json };
  } catch {
    return undefined;
  }
}

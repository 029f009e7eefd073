import { openDatabase } from "../../test/scale/database.ts";
import { environment } from "../../test/end-to-end/house.ts";
import { run, serve } from "../../test/end-to-end/process.ts";
import { built } from "../built.ts";
import type { Figure } from "../figure.ts";
import { type House, openBench } from "../house.ts";
import { inStore, keepEvents } from "../stored.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How long a bridge takes from the shell until it is ready. */
export const start: Bench = {
  name: "start",
  about:
    "from the shell until /readyz says yes: empty, and with 100,000 events in the store (a million with --long)",
  run: measure,
};

/** Events in the store that is not empty. */
const FULL = 100_000;
const LONG = 1_000_000;

async function measure(effort: Effort): Promise<Figure[]> {
  const empty = await openBench({ routes: 20, channels: 20 });
  const full = await openBench({ routes: 20, channels: 20 });
  const took = { empty: [] as number[], full: [] as number[], version: [] as number[] };
  try {
    const events = amount(effort.isLong ? LONG : FULL, effort);
    effort.say(`start: a store of ${events} events`);
    await fill(full, events);
    const main = await built();
    for (let round = 0; round <= effort.rounds; round += 1) {
      effort.say(`start: round ${round} of ${effort.rounds}`);
      const [isEmpty, isFull] = [await readyMs(empty), await readyMs(full)];
      const version = await timed(() => run(["--version"], empty.folder, {}, main));
      if (round === 0) continue;
      took.empty.push(isEmpty);
      took.full.push(isFull);
      took.version.push(version);
    }
    return [
      {
        name: "start, empty store",
        unit: "ms",
        rounds: took.empty,
        beside: [{ name: "bellhop --version", rounds: took.version }],
        goal: { most: 1_000 },
      },
      {
        name: `start, ${events} events in the store`,
        unit: "ms",
        rounds: took.full,
        beside: [{ name: "empty store", rounds: took.empty }],
        goal: { most: 1_000 },
      },
    ];
  } finally {
    await empty.close();
    await full.close();
  }
}

async function readyMs(house: House): Promise<number> {
  const main = await built();
  const began = performance.now();
  const bridge = await serve(house.folder, environment(house.sandbox), main);
  const { status } = await fetch(`${bridge.url}/readyz`);
  const tookMs = performance.now() - began;
  await bridge.stop();
  if (status !== 200) throw new Error(`/readyz answered ${status}.`);
  return tookMs;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Fills a store with events that were delivered, by copies of one that was. */
async function fill({ config }: House, events: number): Promise<void> {
  await inStore(config, (store) =>
    keepEvents(store, config, { events: 1, subjects: 1, lanes: 20, seed: 1 }),
  );
  const database = await openDatabase(config.store);
  await database.run(`
    update events set status = 'sent', processed_at = received_at, changes = '[]', routes = '[]';
    insert into events (id, source, key, type, time, subject, received_at, processed_at, status, body, changes, routes)
      with recursive copies (number) as (select 1 union all select number + 1 from copies where number < ${events})
      select id || number, source, key || number, type, time, subject, received_at + number, processed_at + number,
        status, body, changes, routes
      from events, copies;
    insert into deliveries (id, event, route, destination, lane, status, form, attempts, created_at, next_attempt_at)
      select 'dlv' || seq, id, 'customers of 0', 'team-0', 'slack/C0', 'delivered', 'full', 1, received_at, received_at
      from events;`);
  await database.close();
}

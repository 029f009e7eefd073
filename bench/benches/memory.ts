import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../../test/scale/database.ts";
import type { Figure } from "../figure.ts";
import { type House, openBench } from "../house.ts";
import { residentMb } from "../resident.ts";
import { inStore, keepEvents } from "../stored.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How much memory a bridge takes: idle, and while it works off a backlog. */
export const memory: Bench = {
  name: "memory",
  about: "resident memory: idle, and under a backlog of 80,000 events (a million with --long)",
  run: measure,
};

/** Events in the backlog: V8 lets its heap grow for the first half of them. */
const FULL = 80_000;
const LONG = 1_000_000;

/** How many events are made at once. */
const PORTION = 20_000;

/** How long a bridge that does nothing is watched, and how often one that works is, in milliseconds. */
const IDLE_MS = 3_000;
const LOOK_EVERY_MS = 100;

async function measure(effort: Effort): Promise<Figure[]> {
  const events = amount(effort.isLong ? LONG : FULL, effort);
  const idle = await inHouse(async (house) => {
    effort.say("memory: idle");
    const { pid } = await house.serve();
    await pause(IDLE_MS);
    return residentMb(pid);
  });
  const seen = await inHouse((house) => underBacklog(house, events, effort));
  const half = seen.length / 2;
  return [
    { name: "memory, idle", unit: "MB", rounds: [idle], goal: { most: 130 } },
    {
      name: `most memory in the second half of ${events} events`,
      unit: "MB",
      rounds: [Math.max(...seen.slice(half))],
      beside: [{ name: "in the first", rounds: [Math.max(...seen.slice(0, half))] }],
      goal: { most: 1.1, of: "in the first" },
    },
  ];
}

async function inHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const house = await openBench({ routes: 20, channels: 20 });
  try {
    return await work(house);
  } finally {
    await house.close();
  }
}

/** What a bridge held again and again while it worked off events, in MiB. */
async function underBacklog(house: House, events: number, { say }: Effort): Promise<number[]> {
  say(`memory: ${events} events`);
  await inStore(house.config, async (store) => {
    for (let from = 0; from < events; from += PORTION) {
      const count = Math.min(PORTION, events - from);
      await keepEvents(store, house.config, {
        events: count,
        subjects: 1_000,
        lanes: 20,
        seed: from,
      });
    }
  });
  const { pid } = await house.serve();
  const database = await openDatabase(house.config.store);
  const waiting = "select exists (select 1 from events where status = 'stored')";
  const seen: number[] = [];
  while ((await database.one(waiting)) > 0) {
    seen.push(await residentMb(pid));
    await pause(LOOK_EVERY_MS);
  }
  await database.close();
  return seen;
}

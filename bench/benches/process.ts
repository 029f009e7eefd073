import Database from "better-sqlite3";
import { setTimeout as pause } from "node:timers/promises";
import type { Figure } from "../figure.ts";
import { openBench } from "../house.ts";
import { inStore, keepEvents } from "../stored.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How fast a backlog is worked off: what changed, which routes take it, and the messages to be sent written down. */
export const process: Bench = {
  name: "process",
  about: "a backlog of events, with 20, 200 and 1,000 routes",
  run: measure,
};

const ROUTES = [20, 200, 1_000] as const;

/** Events in a backlog. */
const FULL = 2_000;

/** The events at the beginning, whose rate is not looked at. */
const WARM_UP = 0.25;

async function measure(effort: Effort): Promise<Figure[]> {
  const measured = ROUTES.map((routes) => ({ routes, rounds: [] as number[] }));
  for (let round = 0; round < effort.rounds; round += 1)
    for (const { routes, rounds } of measured) {
      effort.say(`process: ${routes} routes, round ${round + 1} of ${effort.rounds}`);
      rounds.push(await backlog(routes, amount(FULL, effort), round));
    }
  const [few] = measured;
  return measured.map(({ routes, rounds }) => ({
    name: `process, ${routes} routes`,
    unit: "/s",
    rounds,
    ...(routes === 20 && { goal: { least: 3_000 } }),
    ...(routes !== 20 && { beside: [{ name: "20 routes", rounds: few?.rounds ?? [] }] }),
    ...(routes === 1_000 && { goal: { least: 0.5, of: "20 routes" } }),
  }));
}

/** Starts a bridge on events that wait, and gives back how many it processed a second. */
async function backlog(routes: number, events: number, seed: number): Promise<number> {
  const house = await openBench({ routes, channels: 20 });
  try {
    const volume = { events, subjects: 1_000, lanes: routes, seed };
    await inStore(house.config, (store) => keepEvents(store, house.config, volume));
    await house.serve();
    const store = new Database(`${house.folder}/bellhop.db`, { readonly: true, timeout: 10_000 });
    const done = store
      .prepare<[], number>("select count(*) from events where status <> 'stored'")
      .pluck();
    while ((done.get() ?? 0) < events) await pause(100);
    const times = store
      .prepare<[], number>("select processed_at from events order by processed_at")
      .pluck()
      .all()
      .slice(events * WARM_UP);
    store.close();
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
    return times.length / seconds;
  } finally {
    await house.close();
  }
}

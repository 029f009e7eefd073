import { openDatabase } from "../../test/scale/database.ts";
import { setTimeout as pause } from "node:timers/promises";
import type { Figure } from "../figure.ts";
import { openBench } from "../house.ts";
import { inStore, keepEvents } from "../stored.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How many bytes of the database an event takes with all that came of it. */
export const size: Bench = {
  name: "size",
  about:
    "bytes of the database for an event with one message, and with 1,000 routes that did not take it",
  run: measure,
};

/** Events in a store. */
const FULL = 1_000;

async function measure(effort: Effort): Promise<Figure[]> {
  const events = amount(FULL, effort);
  const few = await bytesEach(20, events, effort);
  const many = await bytesEach(1_000, events, effort);
  return [
    {
      name: "database, an event",
      unit: "bytes",
      rounds: [few.all],
      beside: [{ name: "its payload", rounds: [few.payload] }],
    },
    {
      name: "database, an event held against 1,000 routes",
      unit: "bytes",
      rounds: [many.all],
      beside: [{ name: "20 routes", rounds: [few.all] }],
    },
  ];
}

async function bytesEach(
  routes: number,
  events: number,
  { say }: Effort,
): Promise<{ readonly all: number; readonly payload: number }> {
  say(`size: ${events} events, ${routes} routes`);
  const house = await openBench({ routes, channels: 20, takesAll: true });
  try {
    const volume = { events, subjects: 1_000, lanes: routes, seed: 1 };
    await inStore(house.config, (store) => keepEvents(store, house.config, volume));
    const bridge = await house.serve();
    const database = await openDatabase(house.config.store);
    const waiting = "select exists (select 1 from events where status = 'stored')";
    while ((await database.one(waiting)) > 0) await pause(100);
    await bridge.stop();
    const pages =
      "select page_count - freelist_count from pragma_page_count, pragma_freelist_count";
    const used = (await database.one(pages)) * (await database.one("pragma page_size"));
    const payloads = await database.one("select sum(length(body)) from events");
    await database.close();
    return { all: used / events, payload: payloads / events };
  } finally {
    await house.close();
  }
}

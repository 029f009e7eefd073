import type { Config } from "../src/config/config.ts";
import { openStore } from "../src/store/open.ts";
import type { ArrivedWebhook, Store, StoreListener } from "../src/store/store.ts";
import { traffic, type TrafficEvent, type Volume } from "../test/chaos/traffic.ts";
import { sourceOf } from "../test/end-to-end/house.ts";

/** How many webhooks are kept at once, as by intake under load. */
const PORTION = 200;

/** Does something with a bridge's store while no bridge has it. */
export async function inStore<T>(config: Config, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(config.store, NOBODY);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Has events wait in a store, as intake keeps them. */
export async function keepEvents(store: Store, config: Config, volume: Volume): Promise<void> {
  const events = await traffic(volume);
  for (let from = 0; from < events.length; from += PORTION)
    await store.enqueue(events.slice(from, from + PORTION).map((one) => arrived(config, one)));
}

/** An event as intake hands it to the store. */
function arrived(config: Config, { source: name, id, body }: TrafficEvent): ArrivedWebhook {
  const { type, time, subject } = sourceOf(config, name).parse(body);
  const kept = { source: name, key: id, type, time, subject, body };
  return { ...kept, id: `evt_${id}`, receivedAt: Date.now(), quarantine: null, reports: [] };
}

const NOBODY: StoreListener = { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} };

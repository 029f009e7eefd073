import type { LaneRecord, Store, StoreSize } from "../store/store.ts";

/** What waits in the store. */
export interface Readings {
  readonly events: number;
  /** When the oldest unprocessed event was received, in milliseconds since the epoch; `null` when none waits. */
  readonly oldestEventAt: number | null;
  /** Those that wait or are parked. */
  readonly lanes: readonly LaneRecord[];
  readonly accountsParked: number;
  readonly size: StoreSize;
}

/** Reads what health and metrics tell; with a million waiting deliveries that takes a tenth of a second. */
export async function readings(
  store: Pick<Store, "backlog" | "oldestEvent" | "lanes" | "parkedAccounts" | "size">,
): Promise<Readings> {
  return {
    events: await store.backlog(),
    oldestEventAt: (await store.oldestEvent()) ?? null,
    lanes: await store.lanes(),
    accountsParked: await store.parkedAccounts(),
    size: await store.size(),
  };
}

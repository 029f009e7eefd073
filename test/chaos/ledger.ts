import type { TrialStore } from "./stores/trial-store.ts";

/** What a store says once no bridge uses it. */
export interface StoreLedger {
  /** How many events there are of each status. */
  readonly events: ReadonlyMap<string, number>;
  /** In the order of their lanes. */
  readonly deliveries: readonly LedgerDelivery[];
}

/** A delivery, and the attempts at it that may have posted it without our knowing. */
export interface LedgerDelivery {
  readonly seq: number;
  readonly event: string;
  readonly destination: string;
  readonly status: string;
  readonly attempts: number;
  /** Whether a person had it sent once more. */
  readonly isReplayed: 0 | 1;
  /** Attempts without an outcome: they were under way when their bridge was killed. */
  readonly cutOff: number;
  /** Attempts whose outcome is `unknown`. */
  readonly unknown: number;
}

/** Reads a store. */
export async function readStore(store: TrialStore): Promise<StoreLedger> {
  const events = await store.rows<{ status: string; count: number }>(
    "select status, count(*) as count from events group by status",
  );
  const deliveries = await store.rows<LedgerDelivery>(
    `select seq, event, destination, status, attempts,
       case when exists (select 1 from deliveries later where later.replay_of = deliveries.id)
         then 1 else 0 end as "isReplayed",
       (select count(*) from attempts where delivery = id and outcome is null) as "cutOff",
       (select count(*) from attempts where delivery = id and outcome = 'unknown') as "unknown"
     from deliveries order by seq`,
  );
  return { events: new Map(events.map(({ status, count }) => [status, count])), deliveries };
}

import { pruneAll, replayDead } from "../../store/work.ts";
import type { StoreKind, TrialStore } from "../stores/trial-store.ts";
import { open, seedDead, seedFirstRelease, seedOld } from "./seeds.ts";

/** A piece of work on a store in the middle of which a process may die. */
export interface StoreWork {
  readonly name: string;
  /** What the process does, in the words of `killed.ts`. */
  readonly work: "open" | "prune" | "replay";
  /** Makes the store that it begins with. */
  seed(trial: TrialStore): Promise<void>;
  /** What the next start does: it opens the store, and goes on where that is what a bridge does. */
  recover(trial: TrialStore): Promise<void>;
  /** What must be the same in the end, whether or not the process died on the way. */
  readonly result: readonly (string | Readonly<Record<StoreKind, string>>)[];
  /** The stores that it is done on; both unless given. */
  readonly stores?: readonly StoreKind[];
}

const ALL_TABLES = {
  sqlite: "select name, sql from sqlite_schema where name not like 'sqlite%' order by name",
  postgres: `
    select table_name, column_name, data_type, is_nullable, column_default, indexes
    from information_schema.columns,
      (select json_agg(indexdef order by indexdef) as indexes from pg_indexes where schemaname = 'public') as all_indexes
    where table_schema = 'public' order by table_name, column_name`,
} as const;
const REPLAYS = "select replay_of, status from deliveries where replay_of is not null order by seq";

/** The works that the issue names, but for a normal event. */
export const STORE_WORKS: readonly StoreWork[] = [
  {
    name: "all migrations",
    work: "open",
    seed: async () => {},
    recover: openOnce,
    result: [ALL_TABLES],
  },
  {
    name: "the migrations after the first release",
    work: "open",
    // That one knew no PostgreSQL.
    stores: ["sqlite"],
    seed: seedFirstRelease,
    recover: openOnce,
    result: [
      ALL_TABLES,
      "select id, source, key, type, received_at, status, body, changes from events order by seq",
      "select id, event, lane, status, attempts from deliveries order by seq",
      "select * from attempts order by delivery, number",
      "select id, account, due_at, failures, parked from lanes",
    ],
  },
  {
    name: "a prune",
    work: "prune",
    seed: seedOld,
    recover: async (trial) => {
      const store = await open(trial);
      await pruneAll(store);
      await store.close();
    },
    result: [
      "select id, length(body), payload_pruned_at from events order by seq",
      "select id, event, status from deliveries order by seq",
    ],
  },
  {
    name: "a replay of dead letters",
    work: "replay",
    seed: seedDead,
    recover: async (trial) => {
      const store = await open(trial);
      await replayDead(store);
      await store.close();
    },
    result: [REPLAYS, "select id, status from deliveries where replay_of is null order by seq"],
  },
];

async function openOnce(trial: TrialStore): Promise<void> {
  await (await open(trial)).close();
}

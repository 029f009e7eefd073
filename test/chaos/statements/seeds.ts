import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { Migrator } from "kysely/migration";
import { MIGRATIONS } from "../../../src/store/migrations/index.ts";
import { openStore } from "../../../src/store/open.ts";
import type { Store } from "../../../src/store/store.ts";
import { arrived, newDelivery, processed, rowId } from "../../store/rows.ts";
import { NOW } from "../../store/work.ts";
import type { TrialStore } from "../stores/trial-store.ts";

const DAY_MS = 86_400_000;

/** How many events the seeds hold of each age, and dead letters, which are more than one call replays. */
const [OF_EACH_AGE, DEAD] = [30, 600] as const;

/** Makes a store as the first release left it: some deliveries made, some waiting, one under way. */
export async function seedFirstRelease({ place }: TrialStore): Promise<void> {
  const database = new Database(place);
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  const first = Object.fromEntries(Object.entries(MIGRATIONS).slice(0, 1));
  const migrator = new Migrator({ db, provider: { getMigrations: async () => first } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  database.exec(`
    insert into accounts (id, not_before, failures) values ('slack:a', 0, 0);
    insert into lanes (id, account, due_at, not_before, failures, lease_until, owner)
      values ('slack:a/C1', 'slack:a', ${NOW}, 0, 0, ${NOW}, 'gone');
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 90)
    insert into events (id, source, key, type, received_at, processed_at, status, body, changes)
      select 'evt_' || n, 'polar', 'key-' || n, 'x', ${NOW}, ${NOW},
        case n % 3 when 0 then 'stored' else 'sent' end, '{}', '[]' from numbers;
    insert into deliveries (id, event, route, destination, lane, status, form, attempts, created_at)
      select 'dlv_' || seq, id, 'all', 'sales', 'slack:a/C1',
        case when seq = 2 then 'sending' when seq < 40 then 'pending' else 'delivered' end, 'full', 1, ${NOW}
      from events where status = 'sent';
    insert into attempts (delivery, number, started_at) select id, 1, ${NOW} from deliveries;
  `);
  await db.destroy();
}

/** Makes a store in which half of the events are old enough to be pruned, and some are needed all the same. */
export async function seedOld(trial: TrialStore): Promise<void> {
  const store = await open(trial);
  for (const [index, days] of [100, 95, 40, 1].entries()) {
    const receivedAt = NOW - days * DAY_MS;
    const body = Buffer.alloc(20_000, 97);
    await store.enqueue(
      Array.from({ length: OF_EACH_AGE }, (_, n) => arrived(`${index}-${n}`, { receivedAt, body })),
    );
    await store.process(OF_EACH_AGE, receivedAt, () => processed([newDelivery(), newDelivery()]));
  }
  await store.close();
  // One in five waits still.
  await trial.run("update deliveries set status = 'delivered' where seq % 5 > 0");
}

/** Makes a store with more dead letters than one call replays. */
export async function seedDead(trial: TrialStore): Promise<void> {
  const store = await open(trial);
  await store.enqueue([arrived("one")]);
  // What is dead at the moment of a replay only is left to the next one.
  await store.process(1, NOW - 1, () =>
    processed(
      Array.from({ length: DEAD }, (_, n) => ({
        ...newDelivery(),
        id: rowId("dlv"),
        route: `r${n}`,
      })),
    ),
  );
  await store.close();
  await trial.run("update deliveries set status = 'dead'; update lanes set due_at = null");
}

/** Opens a store without a bridge, and brings its tables up to date. */
export function open({ settings }: TrialStore): Promise<Store> {
  return openStore(settings, { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} });
}

import type { TrialStore } from "../stores/trial-store.ts";
import type { Told } from "./simulated-clock.ts";
import { realNow } from "./timeline.ts";

/**
 * Has a database of PostgreSQL tell simulated time: a function of its own goes before the server's `clock_timestamp`,
 * which the store asks without naming a schema. Made before any bridge opens the store.
 */
export async function databaseClock(store: TrialStore): Promise<Told> {
  await store.run(SIMULATED);
  // The database has the machine's clock, but not the one that stretches are counted by.
  const offset = Date.now() - realNow();
  return async (stretches) => {
    const rows = stretches.map(({ from, at, factor }) => `(${from + offset}, ${at}, ${factor})`);
    await store.run(
      `begin; delete from simulated.stretches; insert into simulated.stretches values ${rows.join(", ")}; commit`,
    );
  };
}

const SIMULATED = `
  create schema simulated;
  create table simulated.stretches (began float8, at float8, factor float8);
  create function simulated.clock_timestamp() returns timestamptz language sql volatile as $$
    select to_timestamp((at + (now - began) * factor) / 1000)
    from simulated.stretches, (select extract(epoch from pg_catalog.clock_timestamp()) * 1000 as now) as real
    order by began <= now desc, abs(now - began) limit 1
  $$;
  do $$ begin
    execute format('alter database %I set search_path = simulated, pg_catalog, public', current_database());
  end $$`;

import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { BridgeError } from "../../core/error.ts";
import type { OnWait } from "../move-end.ts";
import type { Tables } from "../tables.ts";

/** How often the leases are looked at, in milliseconds; ours. */
const LOOK_EVERY_MS = 500;

/**
 * Resolves once no bridge works on a database. One that runs always has a duty and holds on to it, so leases that nobody
 * extends were left behind: they are waited for, half a minute at most.
 * Throws a `BridgeError` when one is extended.
 */
export async function untilUnused(db: Kysely<Tables>, name: string, onWait: OnWait): Promise<void> {
  const first = await leasesOf(db);
  if (first.size === 0) return;
  onWait(Math.max(...[...first.values()].map((lease) => lease.leftMs)));
  for (;;) {
    await pause(LOOK_EVERY_MS);
    const leases = await leasesOf(db);
    if (leases.size === 0) return;
    for (const [what, { until }] of leases)
      if (until !== first.get(what)?.until)
        throw new BridgeError("store-in-use", `${name} is in use.`, {
          hint: "Stop all bridges that run on it, and run this again.",
        });
  }
}

interface Lease {
  /** In milliseconds since the epoch, by the database's clock. */
  readonly until: number;
  readonly leftMs: number;
}

/** The leases of duties and lanes that have not run out. */
async function leasesOf(db: Kysely<Tables>): Promise<ReadonlyMap<string, Lease>> {
  const { rows } = await sql<{ what: string; until: number; now: number }>`
    select what, until, now
    from (
      select concat('duty ', name) as what, lease_until as until from duties
      union all
      select concat('lane ', id), lease_until from lanes where lease_until is not null
    ) as leases, (select (extract(epoch from clock_timestamp()) * 1000)::float8 as now) as clock
    where until > now`.execute(db);
  return new Map(rows.map(({ what, until, now }) => [what, { until, leftMs: until - now }]));
}

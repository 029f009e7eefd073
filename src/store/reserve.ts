import type { Transaction } from "kysely";
import type { Reason } from "../core/outcome.ts";
import { isPostgres } from "./flavor.ts";
import { addAccounts } from "./open-lanes.ts";
import { beginProbes, isProbe } from "./probe.ts";
import type { Reservation, ReserveRequest } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Takes a lane for a message that is no delivery, when it is free and open; otherwise says when it may be. */
export async function reserve(
  trx: Transaction<Tables>,
  request: ReserveRequest,
): Promise<Reservation | { readonly openAt: number | null }> {
  const { lane, account, now, owner, leaseMs, takesOver = true } = request;
  await addAccounts(trx, [account]);
  await trx
    .insertInto("lanes")
    .values({ id: lane, account, due_at: null, not_before: 0, failures: 0 })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .execute();
  const row = await trx
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select([
      "lanes.not_before",
      "lanes.failures",
      "lanes.parked",
      "lanes.lease_until",
      "accounts.not_before as account_not_before",
      "accounts.failures as account_failures",
      "accounts.parked as account_parked",
      "accounts.probe_until",
    ])
    .where("lanes.id", "=", lane)
    .$if(isPostgres(trx), (query) => query.forUpdate("lanes"))
    .executeTakeFirstOrThrow();
  if (row.lease_until !== null && (row.lease_until > now || !takesOver)) return { openAt: null };
  if (row.probe_until !== null && row.probe_until > now) return { openAt: null };
  const openAt = Math.max(row.not_before, row.account_not_before);
  if (openAt > now) return { openAt };
  const reservation = {
    lane,
    account,
    startedAt: now,
    laneFailures: row.failures,
    accountFailures: row.account_failures,
    laneParked: reason(row.parked),
    accountParked: reason(row.account_parked),
    owner,
  };
  if (isProbe(reservation) && !(await beginProbes(trx, [account], request)).has(account))
    return { openAt: null };
  await trx
    .updateTable("lanes")
    .set({ lease_until: now + leaseMs, owner })
    .where("id", "=", lane)
    .execute();
  return reservation;
}

function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}

import type { Transaction } from "kysely";
import { isPostgres } from "./flavor.ts";
import type { Reservation } from "./store.ts";
import type { Tables } from "./tables.ts";

/**
 * Lets one attempt at each of those accounts go ahead of its other lanes, as the account's probe; gives back the accounts
 * that it may be made at: at the others, another bridge is before it.
 */
export async function beginProbes(
  trx: Transaction<Tables>,
  accounts: readonly string[],
  { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
): Promise<ReadonlySet<string>> {
  if (accounts.length === 0) return new Set();
  const free = await trx
    .selectFrom("accounts")
    .select("id")
    .where("id", "in", accounts)
    .where((eb) => eb.or([eb("probe_until", "is", null), eb("probe_until", "<=", now)]))
    .$if(isPostgres(trx), (query) => query.forUpdate().skipLocked())
    .execute();
  const ids = free.map(({ id }) => id);
  if (ids.length > 0)
    await trx
      .updateTable("accounts")
      .set({ probe_until: now + leaseMs })
      .where("id", "in", ids)
      .execute();
  return new Set(ids);
}

/** Whether an attempt is the probe of its account, which was closed when it began. */
export function isProbe({
  accountParked,
  accountFailures,
}: Pick<Reservation, "accountParked" | "accountFailures">): boolean {
  return accountParked !== null || accountFailures > 0;
}

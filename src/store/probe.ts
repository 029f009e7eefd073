import type { Transaction } from "kysely";
import type { Reservation } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Lets an attempt go ahead of the account's other lanes, where it is the account's probe; tells whether it is. */
export async function beginProbe(
  trx: Transaction<Tables>,
  lane: {
    readonly account: string;
    readonly account_failures: number;
    readonly account_parked: string | null;
  },
  { now, leaseMs }: { readonly now: number; readonly leaseMs: number },
): Promise<boolean> {
  const isFirst = lane.account_parked !== null || lane.account_failures > 0;
  if (isFirst)
    await trx
      .updateTable("accounts")
      .set({ probe_until: now + leaseMs })
      .where("id", "=", lane.account)
      .execute();
  return isFirst;
}

/** Whether an attempt is the probe of its account, which was closed when it began. */
export function isProbe({ accountParked, accountFailures }: Reservation): boolean {
  return accountParked !== null || accountFailures > 0;
}

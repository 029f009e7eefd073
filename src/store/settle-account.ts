import type { Selectable, Transaction } from "kysely";
import type { Gate, Settlement } from "../core/delivery.ts";
import { given } from "./flavor.ts";
import { openingAt } from "./opening.ts";
import { isProbe } from "./probe.ts";
import type { Reservation } from "./store.ts";
import { statement } from "./statement.ts";
import type { AccountsTable, Tables } from "./tables.ts";

/** What an account must have gone through to have been away: failures in a row, over so many milliseconds; ours. */
const OUTAGE = { failures: 5, ms: 30_000 } as const;

/** What an attempt brought about, and where. */
export interface Ended {
  readonly held: Reservation;
  readonly settlement: Omit<Settlement, "delivery">;
}

/** The same once its lane is free; it is not freed where another bridge has taken the lane over. */
export interface Freed extends Ended {
  readonly isFreed: boolean;
}

/** How accounts stand, by their ids. */
type Standings = ReadonlyMap<string, Selectable<AccountsTable>>;

/** How the accounts stand that attempts were made at. */
export async function standingsOf(
  trx: Transaction<Tables>,
  all: readonly Ended[],
): Promise<Standings> {
  const accounts = new Set(all.map(({ held }) => held.account));
  const rows = await findAccounts(trx, { accounts: [...accounts].map((id) => ({ id })) });
  return new Map(rows.map((row) => [row.id, row]));
}

const findAccounts = statement(
  (db, { accounts }: { readonly accounts: readonly { readonly id: string }[] }) =>
    db
      .selectFrom("accounts")
      .selectAll()
      .where("id", "in", db.selectFrom(given(db, { id: "text" }, accounts)).select("given.id")),
);

/** Lanes that will be woken, because their accounts are found to answer again; they must be held before their accounts. */
export async function lanesToWake(
  trx: Transaction<Tables>,
  all: readonly Ended[],
  standings: Standings,
): Promise<string[]> {
  const back = all.filter(({ held, settlement: { platform, at } }) => {
    const standing = standings.get(held.account);
    return platform === "answers" && standing !== undefined && wasAway(standing, at);
  });
  if (back.length === 0) return [];
  const accounts = back.map(({ held }) => held.account);
  const lanes = await backingOff(trx, [...new Set(accounts)]).execute();
  return lanes.map(({ id }) => id);
}

/**
 * Writes what attempts brought about for their accounts, and for the accounts' other lanes. In the order of the accounts,
 * so that two bridges that settle in the same ones do not wait for each other.
 */
export async function settleAccounts(
  trx: Transaction<Tables>,
  all: readonly Freed[],
  standings: Standings,
): Promise<void> {
  const sorted = all.toSorted((one, other) => (one.held.account < other.held.account ? -1 : 1));
  for (const one of sorted)
    if (!isAsItWas(standings.get(one.held.account), one)) await settleAccount(trx, one);
}

/** Whether there is nothing to write, as with most messages: what delivers stays open. */
function isAsItWas(
  standing: Selectable<AccountsTable> | undefined,
  { held, settlement: { account, platform } }: Ended,
): boolean {
  if (platform === "fails" || isProbe(held)) return false;
  if (account !== null && (platform === null || account.notBefore !== 0)) return false;
  return (
    standing !== undefined &&
    standing.streak === 0 &&
    (account === null ||
      (standing.not_before === 0 &&
        standing.asked_until === 0 &&
        standing.failures === 0 &&
        standing.parked === null))
  );
}

async function settleAccount(
  trx: Transaction<Tables>,
  { held, settlement: { account, lane, platform, at }, isFreed }: Freed,
): Promise<void> {
  if (platform === "fails") await countFailure(trx, held.account, at);
  if (platform === "answers" && (await endStreak(trx, held.account, at)))
    await wakeLanes(trx, held, at);
  if (account !== null && platform === null) await wait(trx, held, account.notBefore);
  else if (account !== null) await setGate(trx, held, account);
  // Who took the lane over probes the account as well.
  if (!isProbe(held) || !isFreed) return;
  // The probe of a parked account that said nothing about it: the next one may come with the lane.
  const isPutOff = account === null && held.accountParked !== null;
  await trx
    .updateTable("accounts")
    .set({ probe_until: null, ...(isPutOff && { not_before: lane.notBefore }) })
    .where("id", "=", held.account)
    .execute();
}

/** Attempts at one account overlap: what one of them found must not undo what another found meanwhile. */
async function setGate(trx: Transaction<Tables>, held: Reservation, gate: Gate): Promise<void> {
  const isOpen = gate.notBefore === 0;
  await trx
    .updateTable("accounts")
    .set({
      not_before: gate.notBefore,
      ...(isOpen && { asked_until: 0 }),
      failures: gate.failures,
      parked: gate.parked === null ? null : JSON.stringify(gate.parked),
    })
    .where("id", "=", held.account)
    .where("not_before", "<=", isOpen ? held.startedAt : gate.notBefore)
    .execute();
  if (gate.askedUntil === 0) return;
  // Also where the gate is closed for longer already: it may be opened sooner, but not before this.
  await trx
    .updateTable("accounts")
    .set({ asked_until: gate.askedUntil })
    .where("id", "=", held.account)
    .where("asked_until", "<", gate.askedUntil)
    .execute();
}

/** An attempt that was not made knows how long to wait; how the account stands, others have found meanwhile. */
async function wait(trx: Transaction<Tables>, held: Reservation, until: number): Promise<void> {
  await trx
    .updateTable("accounts")
    .set({ not_before: until })
    .where("id", "=", held.account)
    .where("not_before", "<", until)
    .execute();
}

async function countFailure(trx: Transaction<Tables>, account: string, at: number): Promise<void> {
  await trx
    .updateTable("accounts")
    .set((eb) => ({
      streak: eb("streak", "+", 1),
      failing_since: eb.fn.coalesce("failing_since", eb.val(at)),
    }))
    .where("id", "=", account)
    .execute();
}

/** Tells whether the account was away until now. */
async function endStreak(trx: Transaction<Tables>, account: string, at: number): Promise<boolean> {
  const standing = await trx
    .selectFrom("accounts")
    .select(["streak", "failing_since"])
    .where("id", "=", account)
    .executeTakeFirstOrThrow();
  if (standing.streak === 0) return false;
  await trx
    .updateTable("accounts")
    .set({ streak: 0, failing_since: null })
    .where("id", "=", account)
    .execute();
  return wasAway(standing, at);
}

function wasAway(
  { streak, failing_since: since }: Pick<Selectable<AccountsTable>, "streak" | "failing_since">,
  at: number,
): boolean {
  return streak >= OUTAGE.failures && since !== null && at - since >= OUTAGE.ms;
}

/** After an outage the other lanes need not wait for the pauses that grew during it, but for those asked for. */
async function wakeLanes(trx: Transaction<Tables>, held: Reservation, at: number): Promise<void> {
  await trx
    .updateTable("lanes")
    .set({ not_before: openingAt(at), due_at: openingAt(at) })
    .where("id", "in", backingOff(trx, [held.account]))
    .where("id", "!=", held.lane)
    .where("due_at", ">", at)
    .execute();
}

/** The lanes of accounts that wait because of failures, but for those that an attempt is under way in. */
function backingOff(trx: Transaction<Tables>, accounts: readonly string[]) {
  return trx
    .selectFrom("lanes")
    .select("id")
    .where("account", "in", accounts)
    .where("failures", ">", 0)
    .where("parked", "is", null)
    .where("lease_until", "is", null);
}

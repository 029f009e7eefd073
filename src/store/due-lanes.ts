import { sql, type Transaction } from "kysely";
import { given, isPostgres } from "./flavor.ts";
import type { Places } from "./places.ts";
import type { ClaimRequest } from "./store.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/** A lane that may be used, now or soon, with how it and its account stand. */
export interface DueLane {
  readonly id: string;
  readonly account: string;
  readonly due_at: number | null;
  readonly account_not_before: number;
  readonly failures: number;
  readonly account_failures: number;
  readonly parked: string | null;
  readonly account_parked: string | null;
}

/** What was found of the lanes that are due. */
export interface DueLanes {
  readonly lanes: readonly DueLane[];
  /** Whether there is no other that might have a place. */
  readonly isAll: boolean;
}

/**
 * The lanes that are due and have a place, those that wait longest first; none when all places are taken. Those that
 * another bridge is at are passed over. `seen` are lanes that were looked at before in the same transaction.
 */
export async function dueLanes(
  trx: Transaction<Tables>,
  request: ClaimRequest,
  places: Places,
  seen: ReadonlySet<string>,
): Promise<DueLanes> {
  const except = [...(request.except ?? []), ...seen].map((id) => ({ id }));
  const well = await dueOf(trx, request, places, except, false);
  const troubled = await dueOf(trx, request, places, except, true);
  const lanes = [...well, ...troubled]
    .toSorted((one, other) => Number(one.due_at) - Number(other.due_at))
    .slice(0, places.free(false));
  const isFull = well.length === places.free(false) || troubled.length === places.free(true);
  return { lanes, isAll: !isFull && lanes.length === well.length + troubled.length };
}

/** Lanes that are well and lanes in trouble have an index each, so that neither is searched for among the other. */
async function dueOf(
  trx: Transaction<Tables>,
  { now, aheadMs = 0, takesOver = true }: ClaimRequest,
  places: Places,
  except: readonly Id[],
  isTroubled: boolean,
): Promise<DueLane[]> {
  const limit = places.free(isTroubled);
  if (limit === 0) return [];
  const full = places.full(isTroubled).map((id) => ({ id }));
  const leftUntil = takesOver ? now : BEFORE_ALL;
  const find = isTroubled ? findTroubled : findWell;
  return find(trx, { now, soon: now + aheadMs, leftUntil, except, full, limit });
}

/** A time at which nobody held a lane. */
const BEFORE_ALL = -1;

interface Id {
  readonly id: string;
}

interface Search {
  readonly now: number;
  readonly soon: number;
  /** Leases that end by then are taken over. */
  readonly leftUntil: number;
  readonly except: readonly Id[];
  /** Accounts that have no place. */
  readonly full: readonly Id[];
  readonly limit: number;
}

const findWell = dueLanesWith("=");
const findTroubled = dueLanesWith(">");

function dueLanesWith(failures: "=" | ">") {
  return statement((db, { now, soon, leftUntil, except, full, limit }: Search) =>
    db
      .selectFrom("lanes")
      .innerJoin("accounts", "accounts.id", "lanes.account")
      .select([
        "lanes.id",
        "lanes.account",
        "lanes.due_at",
        "lanes.failures",
        "accounts.not_before as account_not_before",
        "accounts.failures as account_failures",
        "lanes.parked",
        "accounts.parked as account_parked",
      ])
      .where("lanes.due_at", "<=", soon)
      .where("lanes.failures", failures, sql.lit(0))
      .where((eb) =>
        eb.or([eb("lanes.lease_until", "is", null), eb("lanes.lease_until", "<=", leftUntil)]),
      )
      .where("accounts.not_before", "<=", soon)
      .where((eb) =>
        eb.or([eb("accounts.probe_until", "is", null), eb("accounts.probe_until", "<=", now)]),
      )
      .where(
        "lanes.id",
        "not in",
        db.selectFrom(given(db, { id: "text" }, except)).select("given.id"),
      )
      .where(
        "lanes.account",
        "not in",
        db.selectFrom(given(db, { id: "text" }, full)).select("given.id"),
      )
      .orderBy("lanes.due_at")
      .limit(limit)
      .$if(isPostgres(db), (query) => query.forUpdate("lanes").skipLocked()),
  );
}

import type { Kysely, Transaction } from "kysely";
import type { Change } from "../core/change.ts";
import type { Reason } from "../core/outcome.ts";
import { WAITING } from "./literals.ts";
import type { Claim, ClaimRequest } from "./store.ts";
import type { DeliveryRow, Tables } from "./tables.ts";

/** Claims the head of each lane that is due, oldest first; of a parked account only one lane, as its probe. */
export async function claim(trx: Transaction<Tables>, request: ClaimRequest): Promise<Claim[]> {
  const { now } = request;
  const due = await trx
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select([
      "lanes.id",
      "lanes.account",
      "lanes.failures",
      "accounts.failures as account_failures",
      "lanes.parked",
      "accounts.parked as account_parked",
    ])
    .where("lanes.due_at", "<=", now)
    // A bridge never takes from itself: while it is alive it settles what it claimed, however long that takes.
    .where((eb) =>
      eb.or([
        eb("lanes.lease_until", "is", null),
        eb.and([eb("lanes.lease_until", "<=", now), eb("lanes.owner", "!=", request.owner)]),
      ]),
    )
    .where("accounts.not_before", "<=", now)
    .orderBy("lanes.due_at")
    .limit(request.limit)
    .execute();

  const claims: Claim[] = [];
  const probed = new Set<string>();
  for (const lane of due) {
    if (probed.has(lane.account)) continue;
    const head = await headOf(trx, lane.id);
    if (head === undefined) {
      await trx.updateTable("lanes").set({ due_at: null }).where("id", "=", lane.id).execute();
      continue;
    }
    if (lane.account_parked !== null) {
      probed.add(lane.account);
      // Keeps the account's other lanes away until the probe is settled.
      await trx
        .updateTable("accounts")
        .set({ not_before: now + request.leaseMs })
        .where("id", "=", lane.account)
        .execute();
    }
    await trx
      .updateTable("lanes")
      .set({ lease_until: now + request.leaseMs, owner: request.owner })
      .where("id", "=", lane.id)
      .execute();
    claims.push(await start(trx, head, lane, request));
  }
  return claims;
}

function headOf(trx: Transaction<Tables>, lane: string): Promise<DeliveryRow | undefined> {
  return trx
    .selectFrom("deliveries")
    .selectAll()
    .where("lane", "=", lane)
    .where("status", "in", WAITING)
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
}

interface DueLane {
  readonly account: string;
  readonly failures: number;
  readonly account_failures: number;
  readonly parked: string | null;
  readonly account_parked: string | null;
}

async function start(
  trx: Transaction<Tables>,
  head: DeliveryRow,
  lane: DueLane,
  { now, owner }: ClaimRequest,
): Promise<Claim> {
  const event = await trx
    .selectFrom("events")
    .select(["id", "source", "body", "changes"])
    .where("id", "=", head.event)
    .executeTakeFirstOrThrow();
  const doubtfulSince = await firstDoubt(trx, head);
  const attempt = head.attempts + 1;
  await trx
    .updateTable("deliveries")
    .set({ status: "sending", attempts: attempt })
    .where("seq", "=", head.seq)
    .execute();
  await trx
    .insertInto("attempts")
    .values({ delivery: head.id, number: attempt, started_at: now })
    .execute();
  return {
    delivery: head.id,
    event: {
      id: event.id,
      source: event.source,
      body: event.body,
      changes: JSON.parse(event.changes ?? "[]") as Change[],
    },
    destination: head.destination,
    lane: head.lane,
    account: lane.account,
    route: head.route,
    template: head.template,
    form: head.form === "plain" ? "plain" : "full",
    createdAt: head.created_at,
    attempt,
    startedAt: now,
    doubtfulSince,
    laneFailures: lane.failures,
    accountFailures: lane.account_failures,
    laneParked: reason(lane.parked),
    accountParked: reason(lane.account_parked),
    owner,
  };
}

/** An attempt without an outcome was under way when its bridge died. */
async function firstDoubt(trx: Transaction<Tables>, head: DeliveryRow): Promise<number | null> {
  if (head.attempts === 0) return null;
  const row = await trx
    .selectFrom("attempts")
    .select("started_at")
    .where("delivery", "=", head.id)
    .where((eb) => eb.or([eb("outcome", "is", null), eb("outcome", "=", "unknown")]))
    .orderBy("number")
    .limit(1)
    .executeTakeFirst();
  return row?.started_at ?? null;
}

function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}

/** The earliest time at which an unclaimed lane may be used. */
export async function nextDue(db: Kysely<Tables>): Promise<number | undefined> {
  const row = await db
    .selectFrom("lanes")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .select((eb) =>
      eb.fn
        .min<number | null>(
          eb
            .case()
            .when("accounts.not_before", ">", eb.ref("lanes.due_at"))
            .then(eb.ref("accounts.not_before"))
            .else(eb.ref("lanes.due_at"))
            .end(),
        )
        .as("due"),
    )
    .where("lanes.due_at", "is not", null)
    .where("lanes.lease_until", "is", null)
    .executeTakeFirst();
  return row?.due ?? undefined;
}

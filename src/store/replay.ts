import {
  type ExpressionBuilder,
  type ExpressionWrapper,
  type SqlBool,
  sql,
  type Transaction,
} from "kysely";
import { given, isPostgres } from "./flavor.ts";
import { keptName } from "./kept-name.ts";
import { openLanes } from "./open-lanes.ts";
import { seqSince, seqUntil, timeOf } from "./seq-bounds.ts";
import type { Replayed, ReplayRequest, RequeuedEvent, Selection } from "./store.ts";
import type { DeliveryRow, EventRow, Tables } from "./tables.ts";

/** The most deliveries that one call makes again; ours: it bounds how long intake waits for the store. */
const MAX_REPLAYED = 500;

/** Adds a new delivery for each one asked for, behind everything that waits in its lane. */
export async function replay(
  trx: Transaction<Tables>,
  request: ReplayRequest,
): Promise<Replayed[]> {
  await lockReplays(trx);
  const rows = await trx
    .selectFrom("deliveries")
    .innerJoin("lanes", "lanes.id", "deliveries.lane")
    .innerJoin("events", "events.id", "deliveries.event")
    .selectAll("deliveries")
    .select("lanes.account")
    .where((eb) => eb.or(wanted(eb, request)))
    .orderBy("deliveries.seq")
    .limit(MAX_REPLAYED)
    .execute();
  const events = await holdEvents(
    trx,
    rows.map((row) => row.event),
  );
  // Since then, a destination may have moved to another channel or token.
  const lanes = new Map(request.lanes.map((one) => [one.destination, one]));
  const found = rows.flatMap((row) => {
    const event = events.get(row.event);
    if (event === undefined) return [];
    return [{ row, to: lanes.get(row.destination) ?? row, hindrance: hindranceOf(row, event) }];
  });
  const isMade = ({ hindrance }: Pick<Replayed, "hindrance">) =>
    hindrance === null && request.isDryRun !== true;
  // First, as it locks them: what another bridge adds to a lane then has its number after ours, or was committed before.
  await openLanes(
    trx,
    found.filter(isMade).map(({ to }) => to),
    request.now,
  );
  const replayed: Replayed[] = [];
  for (const { row, to, hindrance } of found) {
    const { destination, route } = row;
    const id = isMade({ hindrance }) ? request.newId("dlv") : null;
    if (id !== null) await again(trx, row, to.lane, id, request.now);
    replayed.push({ id, of: row.id, destination, route, hindrance });
  }
  return replayed;
}

/** The advisory lock that deliveries are made again under; ours. */
const REPLAY_LOCK = 7_306_018_225;

/** Two that replay the same selection at the same time make each delivery again only once. */
async function lockReplays(trx: Transaction<Tables>): Promise<void> {
  if (isPostgres(trx))
    await sql`select pg_advisory_xact_lock(${sql.lit(REPLAY_LOCK)})`.execute(trx);
}

type HeldEvent = Pick<EventRow, "id" | "payload_pruned_at">;

/** Keeps events from being pruned while their deliveries are made again; what was pruned before is left out. */
async function holdEvents(
  trx: Transaction<Tables>,
  events: readonly string[],
): Promise<ReadonlyMap<string, HeldEvent>> {
  const rows = [...new Set(events)].map((id) => ({ id }));
  const held = await trx
    .selectFrom("events")
    .innerJoin(given(trx, { id: "text" }, rows), "given.id", "events.id")
    .select(["events.id", "events.payload_pruned_at"])
    // In the order in which they are held everywhere, so that no two bridges wait for each other.
    .orderBy("events.seq")
    .$if(isPostgres(trx), (query) => query.forShare("events"))
    .execute();
  return new Map(held.map((event) => [event.id, event]));
}

function hindranceOf(row: DeliveryRow, event: HeldEvent): Replayed["hindrance"] {
  if (event.payload_pruned_at !== null) return "pruned";
  return row.status === "pending" || row.status === "sending" ? "waiting" : null;
}

type Builder = ExpressionBuilder<Tables, "deliveries" | "lanes" | "events">;
type Condition = ExpressionWrapper<Tables, "deliveries" | "lanes" | "events", SqlBool>;

function wanted(eb: Builder, request: ReplayRequest): Condition[] {
  const { deliveries = [], events = [], select, now } = request;
  const conditions: Condition[] = [];
  if (deliveries.length > 0) conditions.push(eb("deliveries.id", "in", [...deliveries]));
  if (events.length > 0)
    conditions.push(
      eb.and([eb("deliveries.event", "in", [...events]), eb("deliveries.replay_of", "is", null)]),
    );
  if (select !== undefined) conditions.push(selected(eb, select, select.before ?? now));
  return conditions;
}

/** Those that nobody has replayed yet, so that asking again sends nothing twice, and that can still be made. */
function selected(eb: Builder, selection: Selection, before: number): Condition {
  const { status, since, until, after, route, destination } = selection;
  const replays = eb
    .selectFrom("deliveries as later")
    .select("later.id")
    .whereRef("later.replay_of", "=", "deliveries.id");
  const isDelivered = status === "delivered";
  const conditions: Condition[] = [
    eb("deliveries.status", "=", status),
    eb("deliveries.created_at", "<", before),
    eb("events.payload_pruned_at", "is", null),
    // What was delivered may be wanted again and again: only what this very go has made counts.
    eb.not(
      eb.exists(isDelivered ? replays.where(timeOf("deliveries", "later"), ">=", before) : replays),
    ),
  ];
  if (isDelivered) conditions.push(eb("deliveries.replay_of", "is", null));
  if (since !== undefined)
    conditions.push(
      eb("deliveries.seq", ">=", seqSince("deliveries", since)),
      eb(timeOf("deliveries"), ">=", since),
    );
  if (until !== undefined)
    conditions.push(
      eb("deliveries.seq", "<=", seqUntil("deliveries", until)),
      eb(timeOf("deliveries"), "<", until),
    );
  if (route !== undefined) conditions.push(eb("deliveries.route", "=", route));
  if (destination !== undefined) conditions.push(eb("deliveries.destination", "=", destination));
  if (after !== undefined) {
    const last = eb
      .selectFrom("deliveries as last")
      .select("last.seq")
      .where("last.id", "=", after);
    // From the start when that one was pruned meanwhile: what was replayed already is left out anyway.
    conditions.push(eb("deliveries.seq", ">", eb.fn.coalesce(last, eb.val(0))));
  }
  return eb.and(conditions);
}

async function again(
  trx: Transaction<Tables>,
  row: DeliveryRow,
  lane: string,
  id: string,
  now: number,
): Promise<void> {
  await trx
    .insertInto("deliveries")
    .values({
      id,
      event: row.event,
      route: row.route,
      destination: row.destination,
      lane,
      template: row.template,
      status: "pending",
      form: "full",
      attempts: 0,
      created_at: now,
      next_attempt_at: now,
      replay_of: row.id,
    })
    .execute();
}

/** Puts a quarantined event back among those to be processed, under what it can now be read as. */
export async function requeue(trx: Transaction<Tables>, event: RequeuedEvent): Promise<boolean> {
  const { id, type, time } = event;
  const subject = keptName(event.subject);
  const result = await trx
    .updateTable("events")
    .set({ type, time, subject, status: "stored", error: null })
    .where("id", "=", id)
    .where("status", "=", "quarantined")
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

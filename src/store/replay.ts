import type { ExpressionBuilder, ExpressionWrapper, SqlBool, Transaction } from "kysely";
import { openLanes } from "./open-lanes.ts";
import { seqSince, seqUntil } from "./seq-bounds.ts";
import type { LaneOf, Replayed, ReplayRequest, RequeuedEvent, Selection } from "./store.ts";
import type { DeliveryRow, Tables } from "./tables.ts";

/** The most deliveries that one call makes again; ours: it bounds how long intake waits for the store. */
const MAX_REPLAYED = 500;

/** Adds a new delivery for each one asked for, behind everything that waits in its lane. */
export async function replay(
  trx: Transaction<Tables>,
  request: ReplayRequest,
): Promise<Replayed[]> {
  const rows = await trx
    .selectFrom("deliveries")
    .innerJoin("lanes", "lanes.id", "deliveries.lane")
    .innerJoin("events", "events.id", "deliveries.event")
    .selectAll("deliveries")
    .select(["lanes.account", "events.payload_pruned_at"])
    .where((eb) => eb.or(wanted(eb, request)))
    .orderBy("deliveries.seq")
    .limit(MAX_REPLAYED)
    .execute();
  const replayed: Replayed[] = [];
  const opened: Pick<LaneOf, "lane" | "account">[] = [];
  const lanes = new Map(request.lanes.map((one) => [one.destination, one]));
  for (const row of rows) {
    const { destination, route } = row;
    const hindrance = hindranceOf(row);
    if (hindrance !== null || request.isDryRun) {
      replayed.push({ id: null, of: row.id, destination, route, hindrance });
      continue;
    }
    const id = request.newId("dlv");
    // Since then, the destination may have moved to another channel or token.
    const to = lanes.get(row.destination) ?? row;
    await again(trx, row, to.lane, id, request.now);
    opened.push(to);
    replayed.push({ id, of: row.id, destination, route, hindrance });
  }
  await openLanes(trx, opened, request.now);
  return replayed;
}

function hindranceOf(
  row: DeliveryRow & { readonly payload_pruned_at: number | null },
): Replayed["hindrance"] {
  if (row.payload_pruned_at !== null) return "pruned";
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
    eb.not(eb.exists(isDelivered ? replays.where("later.created_at", ">=", before) : replays)),
  ];
  if (isDelivered) conditions.push(eb("deliveries.replay_of", "is", null));
  if (since !== undefined)
    conditions.push(
      eb("deliveries.seq", ">=", seqSince("deliveries", since)),
      eb("deliveries.created_at", ">=", since),
    );
  if (until !== undefined)
    conditions.push(
      eb("deliveries.seq", "<=", seqUntil("deliveries", until)),
      eb("deliveries.created_at", "<", until),
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
  const { id, type, time, subject } = event;
  const result = await trx
    .updateTable("events")
    .set({ type, time, subject, status: "stored", error: null })
    .where("id", "=", id)
    .where("status", "=", "quarantined")
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

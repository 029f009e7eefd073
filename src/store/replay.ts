import type { ExpressionBuilder, ExpressionWrapper, SqlBool, Transaction } from "kysely";
import { openLane } from "./open-lane.ts";
import type { DeadLetters, Replayed, ReplayRequest, RequeuedEvent } from "./store.ts";
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
    .selectAll("deliveries")
    .select("lanes.account")
    .where((eb) => eb.or(wanted(eb, request)))
    .orderBy("deliveries.seq")
    .limit(MAX_REPLAYED)
    .execute();
  const replayed: Replayed[] = [];
  for (const row of rows) {
    const id = request.newId("dlv");
    await again(trx, row, id, request.now);
    replayed.push({ id, of: row.id });
  }
  return replayed;
}

type Builder = ExpressionBuilder<Tables, "deliveries" | "lanes">;
type Condition = ExpressionWrapper<Tables, "deliveries" | "lanes", SqlBool>;

function wanted(eb: Builder, { deliveries = [], events = [], dead }: ReplayRequest): Condition[] {
  const conditions: Condition[] = [];
  if (deliveries.length > 0) conditions.push(eb("deliveries.id", "in", [...deliveries]));
  if (events.length > 0)
    conditions.push(
      eb.and([eb("deliveries.event", "in", [...events]), eb("deliveries.replay_of", "is", null)]),
    );
  if (dead !== undefined) conditions.push(deadLetters(eb, dead));
  return conditions;
}

/** Those that nobody has replayed yet, so that asking again sends nothing twice. */
function deadLetters(eb: Builder, { since, before, route, destination }: DeadLetters): Condition {
  const repeated = eb
    .selectFrom("deliveries as later")
    .select("later.id")
    .whereRef("later.replay_of", "=", "deliveries.id");
  return eb.and([
    eb("deliveries.status", "=", "dead"),
    eb.not(eb.exists(repeated)),
    ...(since === undefined ? [] : [eb("deliveries.created_at", ">=", since)]),
    ...(before === undefined ? [] : [eb("deliveries.created_at", "<", before)]),
    ...(route === undefined ? [] : [eb("deliveries.route", "=", route)]),
    ...(destination === undefined ? [] : [eb("deliveries.destination", "=", destination)]),
  ]);
}

async function again(
  trx: Transaction<Tables>,
  row: DeliveryRow & { readonly account: string },
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
      lane: row.lane,
      template: row.template,
      status: "pending",
      form: "full",
      attempts: 0,
      created_at: now,
      next_attempt_at: now,
      replay_of: row.id,
    })
    .execute();
  await openLane(trx, row, now);
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

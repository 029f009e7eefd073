import {
  type Expression,
  type ExpressionBuilder,
  type ExpressionWrapper,
  type SqlBool,
  sql,
  type Transaction,
} from "kysely";
import { fitting } from "./fitting.ts";
import { isPostgres } from "./flavor.ts";
import { WAITING } from "./literals.ts";
import { forgetRulebooks } from "./rulebooks.ts";
import type { Pruned, PrunePlace, PruneRequest } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The most events that one call looks at; ours: it bounds how long intake waits for the store. */
const MAX_EVENTS = { payloads: 200, events: 50 } as const;

/** The bytes of payloads after which one call takes no more; ours: emptying a large one reads it first. */
const MAX_BYTES = 1_048_576;

/** Prunes a portion of what is old, from a place on; what may still be needed is passed over. */
export function prune(trx: Transaction<Tables>, request: PruneRequest): Promise<Pruned> {
  return request.what === "payloads" ? prunePayloads(trx, request) : pruneEvents(trx, request);
}

/** Empties payloads; the event stays, with its changes and what became of them. */
async function prunePayloads(
  trx: Transaction<Tables>,
  { before, from, now }: PruneRequest,
): Promise<Pruned> {
  const rows = await trx
    .selectFrom("events")
    .select(["seq", "received_at", sql<number>`length(body)`.as("bytes")])
    .where("processed_at", "is not", null)
    .where("payload_pruned_at", "is", null)
    .where("received_at", "<", before)
    .where((eb) => isBehind(eb, from))
    .orderBy("received_at")
    .orderBy("seq")
    .limit(MAX_EVENTS.payloads)
    .$if(isPostgres(trx), (query) => query.forUpdate().skipLocked())
    .execute();
  const sizes = rows.map((row) => row.bytes);
  const taken = rows.slice(0, fitting(sizes, MAX_BYTES));
  const free = await unneeded(trx, taken, isNeeded);
  if (free.length > 0)
    await trx
      .updateTable("events")
      .set({ body: new Uint8Array(), payload_pruned_at: now })
      .where(
        "seq",
        "in",
        free.map((row) => row.seq),
      )
      .execute();
  return { count: free.length, next: placeOf(taken.at(-1)) };
}

/** Deletes events with all their deliveries and attempts, so that nothing is left that names what is gone. */
async function pruneEvents(
  trx: Transaction<Tables>,
  { before, from, now }: PruneRequest,
): Promise<Pruned> {
  const rows = await trx
    .selectFrom("events")
    .select(["seq", "received_at"])
    .where("received_at", "<", before)
    .where((eb) => isBehind(eb, from))
    .orderBy("received_at")
    .orderBy("seq")
    .limit(MAX_EVENTS.events)
    .$if(isPostgres(trx), (query) => query.forUpdate().skipLocked())
    .execute();
  if (rows.length === 0) await forgetRulebooks(trx, now);
  const old = await unneeded(trx, rows, (eb) =>
    eb.or([eb("status", "=", "stored"), hasDelivery(eb, before)]),
  );
  if (old.length > 0) {
    const ids = old.map((row) => row.id);
    await trx
      .deleteFrom("attempts")
      .where("delivery", "in", (eb) =>
        eb.selectFrom("deliveries").select("id").where("event", "in", ids),
      )
      .execute();
    await trx.deleteFrom("deliveries").where("event", "in", ids).execute();
    await trx
      .deleteFrom("events")
      .where(
        "seq",
        "in",
        old.map((row) => row.seq),
      )
      .execute();
  }
  return { count: old.length, next: placeOf(rows.at(-1)) };
}

/**
 * Those of the events that are not needed. Asked once they are held, because only then nobody can make another delivery of
 * them; another bridge that does so right now keeps them from being held.
 */
async function unneeded(
  trx: Transaction<Tables>,
  held: readonly { readonly seq: number }[],
  isWanted: (eb: Builder) => Condition,
): Promise<{ readonly seq: number; readonly id: string }[]> {
  if (held.length === 0) return [];
  return trx
    .selectFrom("events")
    .select(["seq", "id"])
    .where(
      "seq",
      "in",
      held.map((row) => row.seq),
    )
    .where((eb) => eb.not(isWanted(eb)))
    .execute();
}

type Builder = ExpressionBuilder<Tables, "events">;
type Condition = ExpressionWrapper<Tables, "events", SqlBool>;

/** Whether a payload is still to be processed, waits for a person, or is what a waiting delivery is made from. */
function isNeeded(eb: Builder): Condition {
  const waiting = eb
    .selectFrom("deliveries")
    .select("deliveries.seq")
    .whereRef("deliveries.event", "=", "events.id")
    .where("deliveries.status", "in", WAITING);
  return eb.or([eb("status", "in", ["stored", "quarantined"]), eb.exists(waiting)]);
}

/** Whether an event has a delivery that waits, or was made only lately because a person asked for it. */
function hasDelivery(eb: Builder, before: number): Condition {
  const needed = eb
    .selectFrom("deliveries")
    .select("deliveries.seq")
    .whereRef("deliveries.event", "=", "events.id")
    .where((inner) =>
      inner.or([
        inner("deliveries.status", "in", WAITING),
        inner("deliveries.created_at", ">=", before),
      ]),
    );
  return eb.exists(needed);
}

function isBehind(eb: Builder, place: PrunePlace | null): Expression<SqlBool> {
  if (place === null) return eb.lit(true);
  return eb(eb.refTuple("received_at", "seq"), ">", eb.tuple(place.receivedAt, place.seq));
}

function placeOf(row: { received_at: number; seq: number } | undefined): PrunePlace | null {
  return row === undefined ? null : { receivedAt: row.received_at, seq: row.seq };
}

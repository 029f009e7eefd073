import { sql, type Transaction } from "kysely";
import type { JsonObject } from "../core/json.ts";
import { fitting } from "./fitting.ts";
import { openLane } from "./open-lane.ts";
import { report } from "./report.ts";
import type { NewDelivery, Processed, StoredEvent, StoredSnapshot } from "./store.ts";
import type { EventRow, Tables } from "./tables.ts";
import { packVerdicts } from "./verdicts.ts";

/** What is done with the oldest unprocessed events. */
interface Work {
  readonly limit: number;
  readonly now: number;
  readonly work: (event: StoredEvent, before: StoredSnapshot | undefined) => Processed;
  readonly isEnough: () => boolean;
}

/** Works through the oldest unprocessed events in order; whatever each brings about is written with it. */
export async function process(
  trx: Transaction<Tables>,
  { limit, now, work, isEnough }: Work,
): Promise<number> {
  const rows = await oldest(trx, limit);
  let count = 0;
  for (const row of rows) {
    const event = { id: row.id, source: row.source, body: row.body };
    const processed = work(event, await snapshotOf(trx, row));
    await write(trx, row, processed, now);
    count += 1;
    if (isEnough()) break;
  }
  return count;
}

/** The bytes of payloads that are read at once; ours: with large ones, a few are enough to keep busy. */
const MAX_BYTES = 2_097_152;

/** The oldest unprocessed events, as many as are to be held in memory at once, but at least one. */
async function oldest(trx: Transaction<Tables>, limit: number): Promise<Row[]> {
  const sizes = await trx
    .selectFrom("events")
    .select(sql<number>`length(body)`.as("bytes"))
    .where("status", "=", "stored")
    .orderBy("seq")
    .limit(limit)
    .execute();
  if (sizes.length === 0) return [];
  const count = fitting(
    sizes.map((one) => one.bytes),
    MAX_BYTES,
  );
  return trx
    .selectFrom("events")
    .select(["seq", "id", "source", "subject", "body"])
    .where("status", "=", "stored")
    .orderBy("seq")
    .limit(count)
    .execute();
}

type Row = Pick<EventRow, "seq" | "id" | "source" | "subject" | "body">;

async function snapshotOf(trx: Transaction<Tables>, row: Row): Promise<StoredSnapshot | undefined> {
  if (row.subject === null) return undefined;
  const found = await trx
    .selectFrom("snapshots")
    .select(["time", "state"])
    .where("source", "=", row.source)
    .where("subject", "=", row.subject)
    .executeTakeFirst();
  return found && { time: found.time, state: JSON.parse(found.state) as JsonObject };
}

async function write(
  trx: Transaction<Tables>,
  row: Row,
  processed: Processed,
  now: number,
): Promise<void> {
  await trx
    .updateTable("events")
    .set({
      status: processed.status,
      processed_at: now,
      changes: JSON.stringify(processed.changes),
      routes: packVerdicts(processed.routes),
      revision: processed.revision,
      error: processed.error === null ? null : JSON.stringify(processed.error),
    })
    .where("seq", "=", row.seq)
    .execute();
  if (processed.snapshot !== null) await keepSnapshot(trx, row.source, processed.snapshot);
  for (const delivery of processed.deliveries) await addDelivery(trx, row.id, delivery, now);
  await report(trx, processed.reports, now);
}

async function keepSnapshot(
  trx: Transaction<Tables>,
  source: string,
  snapshot: NonNullable<Processed["snapshot"]>,
): Promise<void> {
  const values = { time: snapshot.time, state: JSON.stringify(snapshot.state) };
  await trx
    .insertInto("snapshots")
    .values({ source, subject: snapshot.subject, ...values })
    .onConflict((conflict) => conflict.columns(["source", "subject"]).doUpdateSet(values))
    .execute();
}

async function addDelivery(
  trx: Transaction<Tables>,
  event: string,
  delivery: NewDelivery,
  now: number,
): Promise<void> {
  await trx
    .insertInto("deliveries")
    .values({
      id: delivery.id,
      event,
      route: delivery.route,
      destination: delivery.destination,
      lane: delivery.lane,
      template: delivery.template,
      status: "pending",
      form: "full",
      attempts: 0,
      created_at: now,
      next_attempt_at: now,
    })
    .execute();
  await openLane(trx, delivery, now);
}

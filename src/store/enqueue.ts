import { sql, type Transaction } from "kysely";
import { given, isPostgres } from "./flavor.ts";
import { keptName } from "./kept-name.ts";
import { report } from "./report.ts";
import type { ArrivedWebhook, Enqueued } from "./store.ts";
import type { Tables } from "./tables.ts";

/** Inserts webhooks in order; the unique key of source and vendor's key finds the ones that were there before. */
export async function enqueue(
  trx: Transaction<Tables>,
  webhooks: readonly ArrivedWebhook[],
): Promise<Enqueued[]> {
  if (webhooks.length === 0) return [];
  const rows = webhooks.map(toRow);
  const inserted = isPostgres(trx) ? await insertSorted(trx, rows) : await insert(trx, rows);
  const isNew = new Set(inserted);
  const first = await countAgain(
    trx,
    rows.filter(({ id }) => !isNew.has(id)),
  );
  await report(
    trx,
    webhooks.flatMap(({ id, reports, receivedAt }) =>
      isNew.has(id) ? reports.map((one) => ({ ...one, at: receivedAt })) : [],
    ),
  );
  return rows.map(({ id, source, key }) =>
    isNew.has(id)
      ? { id, isDuplicate: false }
      : { id: first.get(keyOf(source, key)) ?? id, isDuplicate: true },
  );
}

type Row = ReturnType<typeof toRow>;

async function insert(trx: Transaction<Tables>, rows: readonly Row[]): Promise<string[]> {
  const inserted = await trx
    .insertInto("events")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["source", "key"]).doNothing())
    .returning("id")
    .execute();
  return inserted.map(({ id }) => id);
}

/**
 * Numbers the rows as they arrived, but inserts them in the order of their keys: where two bridges were sent the same
 * webhooks, neither then holds what the other waits for.
 */
async function insertSorted(trx: Transaction<Tables>, rows: readonly Row[]): Promise<string[]> {
  const columns = <Column extends keyof Row>(name: Column) => rows.map((row) => row[name]);
  const { rows: inserted } = await sql<{ id: string }>`
    with arrived as materialized (
      select nextval('events_seq_seq') as seq, given.* from unnest(
        ${columns("id")}::text[], ${columns("source")}::text[], ${columns("key")}::text[],
        ${columns("type")}::text[], ${columns("time")}::text[], ${columns("subject")}::text[],
        ${columns("received_at")}::bigint[], ${columns("status")}::text[], ${columns("body")}::bytea[],
        ${columns("error")}::text[]
      ) as given (id, source, key, type, time, subject, received_at, status, body, error)
    )
    insert into events (seq, id, source, key, type, time, subject, received_at, status, body, error)
    select seq, id, source, key, type, time, subject, received_at, status, body, error
    from arrived order by source, key, seq
    on conflict (source, key) do nothing
    returning id`.execute(trx);
  return inserted.map(({ id }) => id);
}

/** Counts webhooks for the events that they made when they first came, whose ids this gives back. */
async function countAgain(
  trx: Transaction<Tables>,
  rows: readonly Row[],
): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const keys = rows.map(({ source, key }) => ({ source, key }));
  const found = await trx
    .selectFrom("events")
    .innerJoin(given(trx, { source: "text", key: "text" }, keys), (join) =>
      join.onRef("given.source", "=", "events.source").onRef("given.key", "=", "events.key"),
    )
    .select(["events.seq", "events.id", "events.source", "events.key"])
    .execute();
  const first = new Map(found.map((row) => [keyOf(row.source, row.key), row]));
  const again = rows.flatMap(({ source, key, received_at: at }) => {
    const row = first.get(keyOf(source, key));
    return row === undefined ? [] : [{ seq: row.seq, at }];
  });
  // One at a time, the oldest first, so that two bridges that count the same ones do not wait for each other.
  for (const { seq, at } of again.toSorted((one, other) => one.seq - other.seq))
    await trx
      .updateTable("events")
      .set((eb) => ({ duplicates: eb("duplicates", "+", 1), duplicate_at: at }))
      .where("seq", "=", seq)
      .execute();
  return new Map([...first].map(([key, { id }]) => [key, id]));
}

function keyOf(source: string, key: string): string {
  return `${source} ${key}`;
}

function toRow(webhook: ArrivedWebhook) {
  return {
    id: webhook.id,
    source: webhook.source,
    key: keptName(webhook.key),
    type: webhook.type,
    time: webhook.time,
    subject: webhook.subject === null ? null : keptName(webhook.subject),
    received_at: webhook.receivedAt,
    status: webhook.quarantine === null ? "stored" : "quarantined",
    body: webhook.body,
    error: webhook.quarantine === null ? null : JSON.stringify(webhook.quarantine),
  };
}

import { type Kysely, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from "kysely";
import type { Change } from "../core/change.ts";
import type { DeliveryStatus } from "../core/delivery.ts";
import type { MessageRef, Reason } from "../core/outcome.ts";
import type { RouteVerdict } from "../core/rulebook.ts";
import { fitting } from "./fitting.ts";
import { field } from "./flavor.ts";
import { keptName } from "./kept-name.ts";
import { rulebooks } from "./rulebooks.ts";
import { seqSince, seqUntil, timeOf } from "./seq-bounds.ts";
import type {
  AttemptOutcome,
  AttemptRecord,
  DeliveryFilter,
  DeliveryRecord,
  EventFilter,
  EventRecord,
  EventStatus,
  Page,
} from "./store.ts";
import type { DeliveryRow, EventRow, Tables } from "./tables.ts";
import { readVerdicts, unpackOldVerdicts, unpackVerdicts } from "./verdicts.ts";

/** One event with its deliveries; `undefined` when there is none of that id. */
export async function event(db: Kysely<Tables>, id: string): Promise<EventRecord | undefined> {
  const row = await db.selectFrom("events").selectAll().where("id", "=", id).executeTakeFirst();
  return row && (await withDeliveries(db, [row]))[0];
}

/** The bytes of payloads in one page; ours: a page with more ends before its limit. */
const MAX_PAGE_BYTES = 16_777_216;

/** Events, the newest first, each with its deliveries. */
export async function events(db: Kysely<Tables>, filter: EventFilter): Promise<Page<EventRecord>> {
  let query = db
    .selectFrom("events")
    .select(["seq", sql<number>`length(body)`.as("bytes")])
    .orderBy("seq", "desc")
    .limit(filter.limit + 1);
  if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.source !== undefined) query = query.where("source", "=", filter.source);
  if (filter.subject !== undefined) query = query.where("subject", "=", keptName(filter.subject));
  const { since, until } = filter;
  if (since !== undefined)
    query = query
      .where("seq", ">=", seqSince("events", since))
      .where(timeOf("events"), ">=", since);
  if (until !== undefined)
    query = query.where("seq", "<=", seqUntil("events", until)).where(timeOf("events"), "<", until);
  if (filter.cursor !== undefined) query = query.where("seq", "<", placeOf(filter.cursor));
  const found = await query.execute();
  const sizes = found.map((row) => row.bytes);
  const page = found.slice(0, Math.min(filter.limit, fitting(sizes, MAX_PAGE_BYTES)));
  if (page.length === 0) return { items: [], next: null };
  const rows = await db
    .selectFrom("events")
    .selectAll()
    .where(
      "seq",
      "in",
      page.map((row) => row.seq),
    )
    .orderBy("seq", "desc")
    .execute();
  return { items: await withDeliveries(db, rows), next: nextCursor(found, page) };
}

async function withDeliveries(
  db: Kysely<Tables>,
  rows: readonly EventRow[],
): Promise<EventRecord[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const found = await selectDeliveries(db).where("event", "in", ids).orderBy("seq").execute();
  const byEvent = Map.groupBy(found, (row) => row.event);
  const said = await verdictsOf(db, rows);
  return rows.map((row, index) => toEvent(row, said[index] ?? [], byEvent.get(row.id) ?? []));
}

/** What routes said of each of those events. */
async function verdictsOf(
  db: Kysely<Tables>,
  rows: readonly EventRow[],
): Promise<(readonly RouteVerdict[])[]> {
  const packed = rows.map(({ verdicts }) => (verdicts === null ? null : readVerdicts(verdicts)));
  const books = await rulebooks(db, new Set(packed.flatMap((one) => one?.book ?? [])));
  return rows.map(({ routes }, index) => {
    const verdicts = packed[index] ?? null;
    const book = verdicts === null ? undefined : books.get(verdicts.book);
    if (verdicts !== null && book !== undefined) return unpackVerdicts(verdicts, book);
    return unpackOldVerdicts(routes);
  });
}

/** Deliveries, the newest first. */
export async function deliveries(
  db: Kysely<Tables>,
  filter: DeliveryFilter,
): Promise<Page<DeliveryRecord>> {
  let query = selectDeliveries(db)
    .orderBy("seq", "desc")
    .limit(filter.limit + 1);
  if (filter.status === "parked" || filter.status === "pending") {
    const isParked = filter.status === "parked";
    query = query.where("status", "=", "pending").where((eb) => {
      const parked = eb.or([
        eb("lanes.parked", "is not", null),
        eb("accounts.parked", "is not", null),
      ]);
      return isParked ? parked : eb.not(parked);
    });
  } else if (filter.status !== undefined) query = query.where("status", "=", filter.status);
  if (filter.destination !== undefined) query = query.where("destination", "=", filter.destination);
  if (filter.id !== undefined) query = query.where("deliveries.id", "=", filter.id);
  if (filter.event !== undefined) query = query.where("event", "=", filter.event);
  const { since, until, error } = filter;
  if (since !== undefined)
    query = query
      .where("seq", ">=", seqSince("deliveries", since))
      .where(timeOf("deliveries"), ">=", since);
  if (until !== undefined)
    query = query
      .where("seq", "<=", seqUntil("deliveries", until))
      .where(timeOf("deliveries"), "<", until);
  if (filter.route !== undefined) query = query.where("route", "=", filter.route);
  if (error !== undefined)
    query = query.where((eb) => eb.or([errorHas(db, "code", error), errorHas(db, "text", error)]));
  if (filter.cursor !== undefined) query = query.where("seq", "<", placeOf(filter.cursor));
  const rows = await query.execute();
  const page = rows.slice(0, filter.limit);
  return { items: page.map(toDelivery), next: nextCursor(rows, page) };
}

/** Whether a field of the last error has a text in it, in any case. */
function errorHas(db: Kysely<Tables>, name: keyof Reason, text: string): RawBuilder<SqlBool> {
  const value = field(db, "deliveries.last_error", name);
  const pattern = `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
  return sql`lower(${value}) like lower(${pattern}) escape ${sql.lit("\\")}`;
}

type ListedDelivery = DeliveryRow & { lane_parked: string | null; account_parked: string | null };

function selectDeliveries(
  db: Kysely<Tables>,
): SelectQueryBuilder<Tables, "deliveries" | "lanes" | "accounts", ListedDelivery> {
  return db
    .selectFrom("deliveries")
    .innerJoin("lanes", "lanes.id", "deliveries.lane")
    .innerJoin("accounts", "accounts.id", "lanes.account")
    .selectAll("deliveries")
    .select(["lanes.parked as lane_parked", "accounts.parked as account_parked"]);
}

/** The attempts at a delivery, in order. */
export async function attempts(db: Kysely<Tables>, delivery: string): Promise<AttemptRecord[]> {
  const rows = await db
    .selectFrom("attempts")
    .selectAll()
    .where("delivery", "=", delivery)
    .orderBy("number")
    .execute();
  return rows.map((row) => ({
    number: row.number,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome as AttemptOutcome | null,
    reason: parsed(row.reason) as Reason | null,
    templateError: row.template_error,
  }));
}

/** Whoever asks may write any number. */
function placeOf(cursor: string): number {
  return Math.min(Number(cursor), Number.MAX_SAFE_INTEGER);
}

function nextCursor(
  rows: readonly { seq: number }[],
  page: readonly { seq: number }[],
): string | null {
  return rows.length > page.length ? String(page.at(-1)?.seq) : null;
}

function toEvent(
  row: EventRow,
  routes: readonly RouteVerdict[],
  found: readonly ListedDelivery[],
): EventRecord {
  return {
    id: row.id,
    source: row.source,
    key: row.key,
    type: row.type,
    time: row.time,
    subject: row.subject,
    receivedAt: row.received_at,
    processedAt: row.processed_at,
    status: row.status as EventStatus,
    changes: (parsed(row.changes) as Change[] | null) ?? [],
    routes,
    deliveries: found.map(toDelivery),
    body: row.body,
    payloadPrunedAt: row.payload_pruned_at,
    duplicates: row.duplicates,
    lastDuplicateAt: row.duplicate_at,
    error: parsed(row.error) as Reason | null,
    revision: row.revision,
  };
}

function toDelivery(row: ListedDelivery): DeliveryRecord {
  const isParked =
    row.status === "pending" && (row.lane_parked !== null || row.account_parked !== null);
  return {
    id: row.id,
    event: row.event,
    route: row.route,
    destination: row.destination,
    lane: row.lane,
    template: row.rendered ?? row.template,
    status: isParked ? "parked" : (row.status as DeliveryStatus),
    attempts: row.attempts,
    createdAt: row.created_at,
    nextAttemptAt: row.next_attempt_at,
    // What waits behind the one that was refused has no error of its own.
    lastError: parsed(
      row.last_error ?? (isParked ? (row.lane_parked ?? row.account_parked) : null),
    ) as Reason | null,
    ref: parsed(row.ref) as MessageRef | null,
    replayOf: row.replay_of,
  };
}

/** Reads JSON that this store wrote. */
function parsed(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

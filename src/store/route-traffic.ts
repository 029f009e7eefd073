import { setImmediate } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { seqSince } from "./seq-bounds.ts";
import type { RouteCount, RouteTraffic } from "./store.ts";
import type { Tables } from "./tables.ts";

/** The most rows that one query reads; ours: everything else in the process waits for it. */
const PORTION = 500;

/** What routes have sent since a time, and how many events no route took, counted a portion at a time. */
export async function routeTraffic(db: Kysely<Tables>, since: number): Promise<RouteTraffic> {
  return { routes: await sentByRoutes(db, since), unrouted: await unrouted(db, since) };
}

async function sentByRoutes(db: Kysely<Tables>, since: number): Promise<RouteCount[]> {
  const counts = new Map<string, Counting>();
  for await (const rows of portions((after) => sentAfter(db, since, after)))
    for (const row of rows) count(row, counts);
  return [...counts].map(([route, { events, messages, lastAt }]) => ({
    route,
    events,
    messages,
    lastAt,
  }));
}

interface Sent {
  readonly seq: number;
  readonly route: string;
  readonly event: string;
  readonly created_at: number;
  readonly replay_of: string | null;
}

interface Counting {
  events: number;
  messages: number;
  lastAt: number;
  lastEvent: string;
}

/** The deliveries of an event are written together: a route's are of the same event or of another. */
function count({ route, event, created_at, replay_of }: Sent, counts: Map<string, Counting>): void {
  // A replay is a person's doing, and says nothing of what the route takes.
  if (replay_of !== null) return;
  const counting = counts.get(route) ?? { events: 0, messages: 0, lastAt: 0, lastEvent: "" };
  counts.set(route, counting);
  counting.messages += 1;
  if (counting.lastEvent !== event) counting.events += 1;
  counting.lastEvent = event;
  counting.lastAt = Math.max(counting.lastAt, created_at);
}

function sentAfter(db: Kysely<Tables>, since: number, after: number | null): Promise<Sent[]> {
  return db
    .selectFrom("deliveries")
    .select(["seq", "route", "event", "created_at", "replay_of"])
    .where("seq", ">", after ?? beforeFirst("deliveries", since))
    .where("created_at", ">=", since)
    .orderBy("seq")
    .limit(PORTION)
    .execute();
}

async function unrouted(db: Kysely<Tables>, since: number): Promise<number> {
  let found = 0;
  for await (const rows of portions((after) => unroutedAfter(db, since, after)))
    found += rows.length;
  return found;
}

function unroutedAfter(
  db: Kysely<Tables>,
  since: number,
  after: number | null,
): Promise<{ readonly seq: number }[]> {
  return db
    .selectFrom("events")
    .select("seq")
    .where("status", "=", "unrouted")
    .where("seq", ">", after ?? beforeFirst("events", since))
    .where("received_at", ">=", since)
    .orderBy("seq")
    .limit(PORTION)
    .execute();
}

function beforeFirst(table: "events" | "deliveries", since: number) {
  return sql<number>`${seqSince(table, since)} - 1`;
}

/** Portions of rows, each behind the last row of the one before, with room between them for whatever else waits. */
async function* portions<Row extends { readonly seq: number }>(
  read: (after: number | null) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after: number | null = null;
  for (;;) {
    const rows = await read(after);
    yield rows;
    after = rows.at(-1)?.seq ?? null;
    if (rows.length < PORTION || after === null) return;
    await setImmediate();
  }
}

import { createHash } from "node:crypto";
import { sql } from "kysely";
import { judge } from "../../../src/core/delivery.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import { openStore } from "../../../src/store/open.ts";
import type { StoreSettings } from "../../../src/store/settings.ts";
import type { Claim, EndedClaim, Store } from "../../../src/store/store.ts";
import { beside, withDatabase } from "../beside.ts";
import { NOBODY } from "../empty-store.ts";
import { arrived, newDelivery, processed, rowId } from "../rows.ts";

/** When the rows of a filled store were made. */
export const NOW = Date.parse("2026-11-22T10:00:00Z");

/** Every byte that there is, and UTF-8 that is none. */
export const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const LANES = ["slack:a/C1", "slack:a/C2", "discord:b/1"] as const;

/** How large the store is that is filled. */
export interface Filling {
  readonly events: number;
  /** The bytes of each payload. */
  readonly bytes?: number;
}

/**
 * Fills a store as a bridge does that is then killed: events of all sorts, a third of them unprocessed, deliveries in all
 * states, a parked lane, an attempt under way, reports, and webhooks that came again.
 */
export async function fill(
  settings: StoreSettings,
  { events, bytes = 300 }: Filling,
): Promise<void> {
  const store = await openStore(settings, NOBODY);
  const body = (index: number) =>
    Buffer.concat([
      ALL_BYTES,
      createHash("sha512").update(String(index)).digest(),
      Buffer.alloc(bytes, index),
    ]);
  const webhooks = Array.from({ length: events }, (_, index) =>
    arrived(`key ${index}`, {
      subject: index % 5 === 0 ? null : `customer ${index % 7}`,
      body: body(index),
      receivedAt: NOW + index,
      quarantine: index % 11 === 10 ? { code: "payload-invalid", text: "It is odd." } : null,
      reports: index % 11 === 10 ? [{ cause: "quarantine", text: "Odd: “ü”, 雪 and 🛎️." }] : [],
    }),
  );
  await store.enqueue(webhooks);
  await store.enqueue(webhooks.slice(0, 2).map((one) => ({ ...one, id: rowId("evt") })));
  await store.process(Math.ceil((events * 2) / 3), NOW, (event) =>
    processed(
      LANES.map((lane) => newDelivery(lane, lane.split("/")[0])),
      {
        snapshot: {
          subject: `of ${event.id}`,
          time: "2026-11-22T10:00:00Z",
          state: { a: ["b", null, 1.5] },
        },
      },
    ),
  );
  await attempt(store, { kind: "delivered", ref: { channel: "C1", id: "1.2", url: null } }, NOW);
  const reason = { code: "gone", text: "The channel is gone." };
  await attempt(store, { kind: "rejected", scope: "lane", reason }, NOW + 10_000);
  await store.take({ duty: "housekeeping", owner: "bridge", now: NOW, leaseMs: 30_000 });
  await store.claim({ now: NOW + 20_000, limit: 1, owner: "bridge", leaseMs: 60_000 });
  await store.close();
  // The highest number is gone: it must not be given again.
  await beside(settings, sql`delete from events where seq = (select max(seq) from events)`);
}

async function attempt(store: Store, outcome: Outcome, now: number): Promise<void> {
  const claims = await store.claim({ now, limit: 2, owner: rowId("clm"), leaseMs: 60_000 });
  await store.settle(claims.map((claim) => ended(claim, outcome, now)));
}

function ended(claim: Claim, outcome: Outcome, now: number): EndedClaim {
  const settlement = judge(outcome, {
    ...claim,
    now,
    random: 0.5,
    giveUpAfterMs: Infinity,
    paceMs: 1_000,
    onUnknown: "retry",
  });
  const reason = outcome.kind === "delivered" ? null : outcome.reason;
  return {
    claim,
    settlement,
    attempt: {
      outcome: outcome.kind,
      reason,
      endedAt: now,
      template: "default",
      templateError: null,
      reports: [],
    },
  };
}

/** The tables that are moved. */
const TABLES = [
  "accounts",
  "attempts",
  "deliveries",
  "events",
  "lanes",
  "reports",
  "snapshots",
  "rulebooks",
  "turns",
] as const;

/** Every row of a store, by table and in one order for all databases. */
export async function dump(settings: StoreSettings): Promise<Record<string, readonly object[]>> {
  return withDatabase(settings, async (db) => {
    const tables: Record<string, readonly object[]> = {};
    for (const table of TABLES) {
      const rows = await db.selectFrom(table).selectAll().execute();
      tables[table] = rows.map(shown).toSorted(byText);
    }
    return tables;
  });
}

/** The same rows, as they are once nobody holds a lane any more. */
export function released(rows: Record<string, readonly object[]>): typeof rows {
  return {
    ...rows,
    lanes: (rows["lanes"] ?? []).map((lane) => ({ ...lane, lease_until: null, owner: null })),
    accounts: (rows["accounts"] ?? []).map((account) => ({ ...account, probe_until: null })),
  };
}

function shown(row: object): object {
  return Object.fromEntries(
    Object.entries(row)
      .map(([name, value]): [string, unknown] => [
        name,
        value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
      ])
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function byText(one: object, other: object): number {
  return JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;
}

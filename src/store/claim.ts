import type { Transaction } from "kysely";
import type { Change } from "../core/change.ts";
import type { Reason } from "../core/outcome.ts";
import { doubtOf } from "./doubt.ts";
import { type DueLane, dueLanes } from "./due-lanes.ts";
import { WAITING } from "./literals.ts";
import { Places, placesFor } from "./places.ts";
import { beginProbe } from "./probe.ts";
import type { Claim, ClaimRequest } from "./store.ts";
import type { DeliveryRow, Tables } from "./tables.ts";

/**
 * Claims the head of each lane that is due, or soon will be, and has a place, those first that wait longest. Of an account that is parked,
 * or was closed and has not delivered since, only one lane, as its probe.
 */
export async function claim(trx: Transaction<Tables>, request: ClaimRequest): Promise<Claim[]> {
  const places = new Places(request);
  const claims: Claim[] = [];
  // Each round claims something, or finds an account full that the next one leaves out.
  for (;;) {
    const due = await dueLanes(trx, request, places);
    if (due.length === 0) return claims;
    const probed = new Set<string>();
    for (const lane of due) {
      const place = { account: lane.account, isTroubled: lane.failures > 0 };
      if (probed.has(lane.account) || !places.has(place)) continue;
      const head = await headOf(trx, lane.id);
      if (head === undefined) {
        await trx.updateTable("lanes").set({ due_at: null }).where("id", "=", lane.id).execute();
        continue;
      }
      if (await beginProbe(trx, lane, request)) probed.add(lane.account);
      await trx
        .updateTable("lanes")
        .set({ lease_until: request.now + request.leaseMs, owner: request.owner })
        .where("id", "=", lane.id)
        .execute();
      const started = await start(trx, head, lane, request);
      claims.push(started);
      places.take({ ...place, places: started.places });
    }
  }
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

async function start(
  trx: Transaction<Tables>,
  head: DeliveryRow,
  lane: DueLane,
  { now, owner }: ClaimRequest,
): Promise<Claim> {
  const startedAt = Math.max(now, lane.due_at ?? 0, lane.account_not_before);
  const event = await trx
    .selectFrom("events")
    .select(["id", "source", "received_at", "body", "changes"])
    .where("id", "=", head.event)
    .executeTakeFirstOrThrow();
  const doubt = head.attempts === 0 ? null : await doubtOf(trx, head.id);
  const attempt = head.attempts + 1;
  await trx
    .updateTable("deliveries")
    .set({ status: "sending", attempts: attempt })
    .where("seq", "=", head.seq)
    .execute();
  await trx
    .insertInto("attempts")
    .values({ delivery: head.id, number: attempt, started_at: startedAt })
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
    acceptedAt: head.replay_of === null ? event.received_at : head.created_at,
    attempt,
    places: placesFor(event.body.length),
    startedAt,
    doubtfulSince: doubt?.since ?? null,
    doubtfulUntil: doubt?.until ?? null,
    laneFailures: lane.failures,
    accountFailures: lane.account_failures,
    laneParked: reason(lane.parked),
    accountParked: reason(lane.account_parked),
    owner,
  };
}

function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}

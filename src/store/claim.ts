import type { Transaction } from "kysely";
import type { Change } from "../core/change.ts";
import type { Reason } from "../core/outcome.ts";
import { type Doubt, doubtsOf } from "./doubt.ts";
import { type DueLane, dueLanes } from "./due-lanes.ts";
import { given } from "./flavor.ts";
import { type Head, headsOf } from "./heads.ts";
import { Places, placesFor } from "./places.ts";
import { beginProbes, isProbe } from "./probe.ts";
import type { Claim, ClaimRequest } from "./store.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/**
 * Claims the head of each lane that is due, or soon will be, and has a place, those first that wait longest. Of an account
 * that is parked, or was closed and has not delivered since, only one lane, as its probe.
 */
export async function claim(trx: Transaction<Tables>, request: ClaimRequest): Promise<Claim[]> {
  const places = new Places(request);
  const seen = new Set<string>();
  const claims: Claim[] = [];
  // Each round looks at lanes that none before it has; a further one is needed where some of them had no place.
  for (;;) {
    const { lanes: due, isAll } = await dueLanes(trx, request, places, seen);
    if (due.length === 0) return claims;
    for (const lane of due) seen.add(lane.id);
    const heads = await headsOf(
      trx,
      due.map((lane) => lane.id),
    );
    await rest(
      trx,
      due.filter((lane) => !heads.has(lane.id)),
    );
    const chosen = await withProbes(trx, choose(due, heads, places), request);
    claims.push(...(await begin(trx, chosen, request)));
    if (isAll) return claims;
  }
}

/** A lane that is claimed, with the delivery that waits longest in it. */
interface Chosen {
  readonly lane: DueLane;
  readonly head: Head;
}

/** The lanes that have a place; of each account that is to be probed, one. */
function choose(
  due: readonly DueLane[],
  heads: ReadonlyMap<string, Head>,
  places: Places,
): Chosen[] {
  const probed = new Set<string>();
  return due.flatMap((lane) => {
    const head = heads.get(lane.id);
    const place = { account: lane.account, isTroubled: lane.failures > 0 };
    if (head === undefined || probed.has(lane.account) || !places.has(place)) return [];
    if (isProbing(lane)) probed.add(lane.account);
    places.take({ ...place, places: placesFor(head.bytes) });
    return [{ lane, head }];
  });
}

/** Leaves out those that would be an account's probe where another bridge is before it. */
async function withProbes(
  trx: Transaction<Tables>,
  chosen: readonly Chosen[],
  request: ClaimRequest,
): Promise<Chosen[]> {
  const probes = chosen.filter(({ lane }) => isProbing(lane));
  const accounts = probes.map(({ lane }) => lane.account);
  const ours = await beginProbes(trx, accounts, request);
  return chosen.filter(({ lane }) => !isProbing(lane) || ours.has(lane.account));
}

function isProbing(lane: DueLane): boolean {
  return isProbe({
    accountParked: reason(lane.account_parked),
    accountFailures: lane.account_failures,
  });
}

/** Nothing waits in these lanes. */
async function rest(trx: Transaction<Tables>, lanes: readonly DueLane[]): Promise<void> {
  if (lanes.length === 0) return;
  await trx
    .updateTable("lanes")
    .set({ due_at: null })
    .where(
      "id",
      "in",
      lanes.map((lane) => lane.id),
    )
    .execute();
}

async function begin(
  trx: Transaction<Tables>,
  chosen: readonly Chosen[],
  request: ClaimRequest,
): Promise<Claim[]> {
  if (chosen.length === 0) return [];
  const { now, owner, leaseMs } = request;
  const again = chosen.filter(({ head }) => head.attempts > 0).map(({ head }) => head.id);
  const doubts = await doubtsOf(trx, again, now);
  const bodies = await bodiesOf(
    trx,
    chosen.map(({ head }) => head.event),
  );
  const claims = chosen.map((one) => toClaim(one, { bodies, doubts, request }));
  const begun = claims.map(({ lane, delivery, attempt, startedAt }) => ({
    lane,
    delivery,
    attempt,
    started_at: startedAt,
  }));
  await leaseLanes(trx, { begun, until: now + leaseMs, owner });
  await beginDeliveries(trx, { begun });
  await addAttempts(trx, { begun });
  return claims;
}

interface Begun {
  readonly lane: string;
  readonly delivery: string;
  readonly attempt: number;
  readonly started_at: number;
}

const BEGUN = {
  lane: "text",
  delivery: "text",
  attempt: "bigint",
  started_at: "bigint",
} as const;

interface Leased {
  readonly begun: readonly Begun[];
  readonly until: number;
  readonly owner: string;
}

const leaseLanes = statement((db, { begun, until, owner }: Leased) =>
  db
    .updateTable("lanes")
    .from(given(db, BEGUN, begun))
    .set({ lease_until: until, owner })
    .whereRef("lanes.id", "=", "given.lane"),
);

const beginDeliveries = statement((db, { begun }: Pick<Leased, "begun">) =>
  db
    .updateTable("deliveries")
    .from(given(db, BEGUN, begun))
    .set((eb) => ({ status: "sending", attempts: eb.ref("given.attempt") }))
    .whereRef("deliveries.id", "=", "given.delivery"),
);

const addAttempts = statement((db, { begun }: Pick<Leased, "begun">) =>
  db
    .insertInto("attempts")
    .columns(["delivery", "number", "started_at"])
    .expression(
      db.selectFrom(given(db, BEGUN, begun)).select(["delivery", "attempt", "started_at"]),
    ),
);

/** Payloads by their events' ids: of all heads that were looked at, only those that are claimed are read. */
async function bodiesOf(
  trx: Transaction<Tables>,
  events: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const rows = [...new Set(events)].map((id) => ({ id }));
  const found = await findBodies(trx, { rows });
  return new Map(found.map(({ id, body }) => [id, body]));
}

const findBodies = statement((db, { rows }: { readonly rows: readonly { id: string }[] }) =>
  db
    .selectFrom("events")
    .innerJoin(given(db, { id: "text" }, rows), "given.id", "events.id")
    .select(["events.id", "body"]),
);

interface Known {
  readonly bodies: ReadonlyMap<string, Uint8Array>;
  readonly doubts: ReadonlyMap<string, Doubt>;
  readonly request: ClaimRequest;
}

function toClaim({ lane, head }: Chosen, { bodies, doubts, request }: Known): Claim {
  const doubt = doubts.get(head.id);
  return {
    delivery: head.id,
    event: {
      id: head.event,
      source: head.source,
      body: bodies.get(head.event) ?? new Uint8Array(),
      changes: JSON.parse(head.changes ?? "[]") as Change[],
    },
    destination: head.destination,
    lane: lane.id,
    account: lane.account,
    route: head.route,
    template: head.template,
    form: head.form === "plain" ? "plain" : "full",
    createdAt: head.created_at,
    acceptedAt: head.replay_of === null ? head.received_at : head.created_at,
    attempt: head.attempts + 1,
    places: placesFor(head.bytes),
    startedAt: Math.max(request.now, lane.due_at ?? 0, lane.account_not_before),
    doubtfulSince: doubt?.since ?? null,
    doubtfulUntil: doubt?.until ?? null,
    laneFailures: lane.failures,
    accountFailures: lane.account_failures,
    laneParked: reason(lane.parked),
    accountParked: reason(lane.account_parked),
    owner: request.owner,
  };
}

function reason(text: string | null): Reason | null {
  return text === null ? null : (JSON.parse(text) as Reason);
}

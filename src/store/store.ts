import type { Change } from "../core/change.ts";
import type { DeliveryForm, DeliveryStatus, Settlement } from "../core/delivery.ts";
import type { NewId } from "../core/id.ts";
import type { JsonObject } from "../core/json.ts";
import type { MessageRef, Outcome, Reason } from "../core/outcome.ts";
import type { RouteVerdict } from "../core/route.ts";

/**
 * The database behind one contract. An *event* is kept once it is accepted, a *snapshot* is what is known of its
 * subject, a *delivery* is an event on its way to one destination, a *lane* is the line that it waits in.
 * Every method is one transaction; times are milliseconds since the epoch.
 */
export interface Store {
  /** Keeps webhooks that arrived together, in order, and tells which were there before. */
  enqueue(webhooks: readonly ArrivedWebhook[]): Promise<readonly Enqueued[]>;
  /**
   * Hands the oldest unprocessed events to `work`, in order, each with its subject's snapshot, and writes what came of
   * them; returns how many there were. After an event for which `isEnough` says so, it takes no more.
   * `work` must not throw.
   */
  process(
    limit: number,
    now: number,
    work: (event: StoredEvent, before: StoredSnapshot | undefined) => Processed,
    isEnough?: () => boolean,
  ): Promise<number>;
  /** Claims the heads of lanes that are due, one each, until they are settled or the lease runs out. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Ends a claim: records the attempt and moves delivery, lane and account on. */
  settle(claim: Claim, settlement: Settlement, attempt: AttemptResult): Promise<void>;
  /** Makes dead letters of deliveries that wait since before a time, a portion at a call; returns their destinations. */
  expire(before: number): Promise<readonly string[]>;
  /** When a lane is due next; `undefined` when nothing waits. */
  nextDue(): Promise<number | undefined>;
  /** Makes new deliveries of old ones, in their order; returns them with the ids of those that they repeat. */
  replay(request: ReplayRequest): Promise<readonly Replayed[]>;
  /** Has an event that was quarantined processed after all; `false` when it is not in quarantine. */
  requeue(event: RequeuedEvent): Promise<boolean>;
  /** Lets parked lanes, or all lanes of a parked account, be tried at once; returns how many lanes that is. */
  resume(laneOrAccount: string, now: number): Promise<number>;
  /**
   * Points waiting deliveries at the lanes that their destinations have now, probes parked ones at once, and forgets
   * that lanes were parked which no destination has and nothing waits in.
   */
  align(destinations: readonly LaneOf[], now: number): Promise<void>;

  event(id: string): Promise<EventRecord | undefined>;
  /** The newest first. */
  events(filter: EventFilter): Promise<Page<EventRecord>>;
  /** The newest first. */
  deliveries(filter: DeliveryFilter): Promise<Page<DeliveryRecord>>;
  /** In order. */
  attempts(delivery: string): Promise<readonly AttemptRecord[]>;
  /** Lanes with waiting deliveries or parked. */
  lanes(): Promise<readonly LaneRecord[]>;
  /** How many events wait to be processed. */
  backlog(): Promise<number>;
  /** Throws when the database cannot be written. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** A verified webhook, ready to be kept. */
export interface ArrivedWebhook {
  readonly id: string;
  readonly source: string;
  /** What the vendor keeps stable over retries. */
  readonly key: string;
  readonly type: string;
  /** ISO 8601; `null` when the payload could not be read. */
  readonly time: string | null;
  readonly subject: string | null;
  readonly receivedAt: number;
  readonly body: Uint8Array;
  /** Why the webhook is quarantined; `null` when it is not. */
  readonly quarantine: Reason | null;
}

/** What became of a webhook; `id` is the event's, for a duplicate that of the first. */
export interface Enqueued {
  readonly id: string;
  readonly isDuplicate: boolean;
}

/** An event as the process step reads it. */
export interface StoredEvent {
  readonly id: string;
  readonly source: string;
  readonly body: Uint8Array;
}

/** A subject's snapshot as it was kept. */
export interface StoredSnapshot {
  readonly time: string;
  readonly state: JsonObject;
}

/** What the process step made of an event. */
export interface Processed {
  readonly status: Exclude<EventStatus, "stored">;
  readonly changes: readonly Change[];
  readonly routes: readonly RouteVerdict[];
  readonly deliveries: readonly NewDelivery[];
  /** `null` leaves the snapshot as it is. */
  readonly snapshot: {
    readonly subject: string;
    readonly time: string;
    readonly state: JsonObject;
  } | null;
  /** The revision of the config that decided. */
  readonly revision: string;
  /** Why it could not be processed. */
  readonly error: Reason | null;
}

/** Where an event stands. */
export type EventStatus = "stored" | "sent" | "unchanged" | "stale" | "unrouted" | "quarantined";

/** A delivery to be made. */
export interface NewDelivery extends LaneOf {
  readonly id: string;
  readonly route: string;
  /** The template that the route names. */
  readonly template: string | null;
}

/** The lane and account that a destination has now. */
export interface LaneOf {
  readonly destination: string;
  readonly lane: string;
  readonly account: string;
}

/** What a bridge asks for when it claims. */
export interface ClaimRequest {
  readonly now: number;
  readonly limit: number;
  /** The bridge's own id. */
  readonly owner: string;
  readonly leaseMs: number;
}

/** A delivery that a bridge has taken, with what it needs to be made. */
export interface Claim {
  readonly delivery: string;
  readonly event: StoredEvent & { readonly changes: readonly Change[] };
  readonly destination: string;
  readonly lane: string;
  readonly account: string;
  readonly route: string;
  readonly template: string | null;
  readonly form: DeliveryForm;
  readonly createdAt: number;
  /** From 1. */
  readonly attempt: number;
  readonly startedAt: number;
  /**
   * When the first attempt began that may have posted the message, because it ended in `unknown` or its bridge died;
   * `null` when there is none.
   */
  readonly doubtfulSince: number | null;
  readonly laneFailures: number;
  readonly accountFailures: number;
  /** Why the lane, or the account, is parked; the attempt then is its probe. */
  readonly laneParked: Reason | null;
  readonly accountParked: Reason | null;
  /** The bridge that holds the claim. */
  readonly owner: string;
}

/** How an attempt went. */
export interface AttemptResult {
  readonly outcome: AttemptOutcome;
  readonly reason: Reason | null;
  readonly endedAt: number;
  /** The template that was rendered. */
  readonly template: string;
  /** Why the built-in rendering took its place. */
  readonly templateError: string | null;
}

/** Which deliveries to repeat: those named, those of the events named, or dead letters; each new one gets an id. */
export interface ReplayRequest {
  readonly deliveries?: readonly string[] | undefined;
  /** Their deliveries that are no replays themselves. */
  readonly events?: readonly string[] | undefined;
  readonly dead?: DeadLetters | undefined;
  readonly now: number;
  readonly newId: NewId;
}

/** Which dead letters. */
export interface DeadLetters {
  readonly since?: number | undefined;
  /** Only those created before; so that what dies again is not sent again in the same go. */
  readonly before?: number | undefined;
  readonly route?: string | undefined;
  readonly destination?: string | undefined;
}

/** A delivery made again. */
export interface Replayed {
  readonly id: string;
  /** The one that it repeats. */
  readonly of: string;
}

/** A quarantined event that can be read now. */
export interface RequeuedEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
}

/** What an attempt is recorded as; `unmade` when the message could not be made and nothing was sent. */
export type AttemptOutcome = Outcome["kind"] | "unmade";

/** An event as people ask for it. */
export interface EventRecord {
  readonly id: string;
  readonly source: string;
  readonly key: string;
  readonly type: string;
  readonly time: string | null;
  readonly subject: string | null;
  readonly receivedAt: number;
  readonly processedAt: number | null;
  readonly status: EventStatus;
  readonly changes: readonly Change[];
  readonly routes: readonly RouteVerdict[];
  readonly deliveries: readonly DeliveryRecord[];
  readonly body: Uint8Array;
  readonly error: Reason | null;
  readonly revision: string | null;
}

/** A delivery as people ask for it. */
export interface DeliveryRecord {
  readonly id: string;
  readonly event: string;
  readonly route: string;
  readonly destination: string;
  readonly lane: string;
  /** The template that was rendered, else the one the route names. */
  readonly template: string | null;
  readonly status: DeliveryStatus | "parked";
  readonly attempts: number;
  readonly createdAt: number;
  readonly nextAttemptAt: number | null;
  readonly lastError: Reason | null;
  readonly ref: MessageRef | null;
  /** The delivery that it repeats, because a person asked for it. */
  readonly replayOf: string | null;
}

/** One try at a delivery. */
export interface AttemptRecord {
  readonly number: number;
  readonly startedAt: number;
  /** `null` while it is under way, or when its bridge died. */
  readonly endedAt: number | null;
  readonly outcome: AttemptOutcome | null;
  readonly reason: Reason | null;
  readonly templateError: string | null;
}

/** A lane that something waits in. */
export interface LaneRecord {
  readonly lane: string;
  readonly account: string;
  readonly waiting: number;
  /** When the oldest waiting delivery was created. */
  readonly oldestAt: number | null;
  readonly parked: Reason | null;
}

/** Which events to list. */
export interface EventFilter extends PageRequest {
  readonly status?: EventStatus | undefined;
  readonly source?: string | undefined;
  readonly subject?: string | undefined;
  readonly since?: number | undefined;
}

/** Which deliveries to list. */
export interface DeliveryFilter extends PageRequest {
  readonly status?: DeliveryRecord["status"] | undefined;
  readonly destination?: string | undefined;
  readonly event?: string | undefined;
  readonly since?: number | undefined;
}

/** A place in a list. */
export interface PageRequest {
  readonly limit: number;
  /** What the page before gave as `next`. */
  readonly cursor?: string | undefined;
}

/** One page of a list; `next` is `null` on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

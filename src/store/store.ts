import type { Change } from "../core/change.ts";
import type { DeliveryForm, DeliveryStatus, Settlement } from "../core/delivery.ts";
import type { NewId } from "../core/id.ts";
import type { JsonObject } from "../core/json.ts";
import type { MessageRef, Outcome, Reason } from "../core/outcome.ts";
import type { Report } from "../core/report.ts";
import type { RouteVerdict } from "../core/route.ts";
import type { Turns } from "../core/turns.ts";

/**
 * The database behind one contract. An *event* is kept once it is accepted, a *snapshot* is what is known of its
 * subject, a *delivery* is an event on its way to one destination, a *lane* is the line that it waits in.
 * Every method is one transaction; times are milliseconds since the epoch.
 */
export interface Store extends Turns {
  /** Whether other bridges may work on the same database at the same time. */
  readonly isShared: boolean;
  /** Keeps webhooks that arrived together, in order, and tells which were there before. */
  enqueue(webhooks: readonly ArrivedWebhook[]): Promise<readonly Enqueued[]>;
  /**
   * Hands the oldest unprocessed events to `work`, in order, each with its subject's snapshot, and writes what came of
   * them; returns how many there were. After an event for which `isEnough` says so, it takes no more. What `work` makes
   * nothing of stays for another bridge. `work` must not throw, and may be called again for an event whose commit failed.
   */
  process(
    limit: number,
    now: number,
    work: (event: WaitingEvent, before: StoredSnapshot | undefined) => Processed | undefined,
    isEnough?: () => boolean,
  ): Promise<number>;
  /** Claims the heads of lanes that are due, one each, until they are settled or the lease runs out. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Holds claimed or reserved lanes for longer, where they are still held. */
  extend(request: ExtendRequest): Promise<void>;
  /** Ends claims, in one transaction: records the attempts and moves deliveries, lanes and accounts on. */
  settle(all: readonly EndedClaim[]): Promise<void>;
  /**
   * Makes dead letters of deliveries that wait since before a time in lanes that are parked or closed, a portion at a
   * call, and keeps what `toReports` makes of their destinations; returns these.
   */
  expire(request: ExpireRequest): Promise<readonly string[]>;
  /** When a lane is due next, later than `now`; `undefined` when nothing waits. */
  nextDue(now: number): Promise<number | undefined>;
  /** Makes new deliveries of old ones, in their order; returns them with the ids of those that they repeat. */
  replay(request: ReplayRequest): Promise<readonly Replayed[]>;
  /** Has an event that was quarantined processed after all; `false` when it is not in quarantine. */
  requeue(event: RequeuedEvent): Promise<boolean>;
  /**
   * Lets parked lanes, or all lanes of a parked account, be tried at once, or when the wait ends that the platform asked
   * for.
   */
  resume(laneOrAccount: string, now: number): Promise<Resumed>;
  /**
   * Points waiting deliveries at the lanes that their destinations have now, probes parked ones as `resume` does, and
   * forgets that lanes were parked which no destination has and nothing waits in.
   */
  align(destinations: readonly LaneOf[], now: number): Promise<void>;

  /** Keeps reports until the operator has been told. */
  report(reports: readonly Report[], now: number): Promise<void>;
  /** What is to be told now: causes with reports that were not told for `foldMs` milliseconds; the oldest first. */
  dueReports(now: number, foldMs: number): Promise<readonly DueReport[]>;
  /** When the cause was last told that is to be told next; `undefined` when there is nothing to tell. */
  oldestTold(): Promise<number | undefined>;
  /** Notes what the operator was told; what came up meanwhile stays to be told. */
  told(reports: readonly DueReport[], now: number): Promise<void>;
  /** Takes a lane for a report; when it is closed, says when it opens, `null` while an attempt is under way in it. */
  reserve(request: ReserveRequest): Promise<Reservation | { readonly openAt: number | null }>;
  /** Gives a lane back, with what the attempt brought about for it and its account. */
  release(reservation: Reservation, settlement: Omit<Settlement, "delivery">): Promise<void>;
  /** The oldest delivery of each lane, where that waits since before a time; the oldest first. */
  late(before: number): Promise<readonly LateRecord[]>;

  /** Takes or keeps a duty that one bridge has at a time; `false` when another one has it. */
  take(request: DutyRequest): Promise<boolean>;

  /** Prunes a portion of what is old, from a place on; what may still be needed is passed over. */
  prune(request: PruneRequest): Promise<Pruned>;
  /** Gives disk space that pruning freed back, a portion at a call; `false` when little enough is free. */
  compact(): Promise<boolean>;

  event(id: string): Promise<EventRecord | undefined>;
  /** The newest first. */
  events(filter: EventFilter): Promise<Page<EventRecord>>;
  /** The newest first. */
  deliveries(filter: DeliveryFilter): Promise<Page<DeliveryRecord>>;
  /** In order. */
  attempts(delivery: string): Promise<readonly AttemptRecord[]>;
  /** Lanes with waiting deliveries or parked. */
  lanes(): Promise<readonly LaneRecord[]>;
  /** What routes have sent since a time; counted in portions, so that nothing waits for it. */
  routeTraffic(since: number): Promise<RouteTraffic>;
  /** How many events wait to be processed. */
  backlog(): Promise<number>;
  /** When the oldest of them was received; `undefined` when none waits. */
  oldestEvent(): Promise<number | undefined>;
  /** How many accounts are parked. */
  parkedAccounts(): Promise<number>;
  size(): Promise<StoreSize>;
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
  /** What the operator is told, unless the webhook was there before. */
  readonly reports: readonly Report[];
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

/** An event that waits to be processed. */
export interface WaitingEvent extends StoredEvent {
  readonly receivedAt: number;
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
  readonly reports: readonly Report[];
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
  /** How long before a lane opens it may be claimed, in milliseconds; 0 unless given. */
  readonly aheadMs?: number;
  /** The places that are free; a claim takes one or more of them. */
  readonly limit: number;
  /** An id that no other call has: what is claimed by it is settled by it. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Lanes that something else is waiting for, or that the bridge is at. */
  readonly except?: readonly string[];
  /** Whether lanes are taken over whose lease ran out, as of a bridge that died; unless given, they are. */
  readonly takesOver?: boolean;
  /** The bridge's attempts that are under way, and how many more may be; without bounds unless given. */
  readonly underWay?: readonly UnderWay[];
  readonly bounds?: Bounds;
}

/** An attempt that is under way. */
export interface UnderWay {
  readonly account: string;
  /** Whether the attempt before it in its lane failed. */
  readonly isTroubled: boolean;
  /** How many places it takes. */
  readonly places: number;
}

/** The most places that attempts under way at once may take. */
export interface Bounds {
  /** In lanes that are in trouble, over all accounts. */
  readonly troubled: number;
  /** In one account. */
  readonly account: number;
  /** In those lanes of one account that are in trouble. */
  readonly accountTroubled: number;
}

/** Which leases are to last for longer. */
export interface ExtendRequest {
  readonly held: readonly Reservation[];
  readonly now: number;
  readonly leaseMs: number;
}

/** What a bridge asks for when it would do something for all bridges on the database. */
export interface DutyRequest {
  readonly duty: "housekeeping" | "operator";
  /** The bridge's own id. */
  readonly owner: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** What came of resuming. */
export interface Resumed {
  /** How many lanes are tried again. */
  readonly lanes: number;
  /** Why lanes stay closed that must never be used again. */
  readonly closed: readonly Reason[];
}

/** What is given up on. */
export interface ExpireRequest {
  /** Deliveries created at this time or earlier. */
  readonly before: number;
  readonly now: number;
  readonly toReports: (destinations: readonly string[]) => readonly Report[];
}

/** Reports of one cause that the operator is to be told. */
export interface DueReport {
  readonly cause: string;
  /** The newest one's. */
  readonly text: string;
  /** How many there were since the cause was last told. */
  readonly count: number;
  /** When the first of them came up. */
  readonly since: number;
}

/** A lane that is wanted for a message which is no delivery. */
export interface ReserveRequest extends Omit<LaneOf, "destination"> {
  readonly now: number;
  /** An id that no other call has. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Whether the lane is taken over when its lease ran out; unless given, it is. */
  readonly takesOver?: boolean;
}

/** A lane that a bridge holds, with how it and its account stood. */
export interface Reservation extends Omit<LaneOf, "destination"> {
  /** When the attempt may begin: at once, or when the lane and its account open. */
  readonly startedAt: number;
  readonly laneFailures: number;
  readonly accountFailures: number;
  /** Why the lane, or the account, is parked; the attempt then is its probe. */
  readonly laneParked: Reason | null;
  readonly accountParked: Reason | null;
  readonly owner: string;
}

/** A delivery that waits for longer than it should, the oldest of its lane. */
export interface LateRecord extends LaneOf {
  /** When it was created. */
  readonly oldestAt: number;
  /** What its last attempt came to. */
  readonly lastError: Reason | null;
  /** Why its lane, or its account, is parked. */
  readonly laneParked: Reason | null;
  readonly accountParked: Reason | null;
}

/** A delivery that a bridge has taken, with what it needs to be made. */
export interface Claim extends Reservation {
  readonly delivery: string;
  readonly event: StoredEvent & { readonly changes: readonly Change[] };
  readonly destination: string;
  readonly route: string;
  readonly template: string | null;
  readonly form: DeliveryForm;
  readonly createdAt: number;
  /** When its event was received; for a replay, when it was asked for. */
  readonly acceptedAt: number;
  /** From 1. */
  readonly attempt: number;
  /** How many places it takes: more than one when its payload is large. */
  readonly places: number;
  /**
   * When the first attempt began that may have posted the message, because it ended in `unknown` or its bridge died;
   * `null` when there is none.
   */
  readonly doubtfulSince: number | null;
  /** When the last of these attempts ended, or by when it had if its bridge died during it; `null` when there is none. */
  readonly doubtfulUntil: number | null;
}

/** A claim that ends, and with what. */
export interface EndedClaim {
  readonly claim: Claim;
  readonly settlement: Settlement;
  readonly attempt: AttemptResult;
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
  readonly reports: readonly Report[];
}

/** What bridges on one database let each other know of: that there are events to process, or deliveries to make. */
export const NEWS = ["events", "deliveries"] as const;

/** Work that a bridge may find. */
export type News = (typeof NEWS)[number];

/** Hears how the store's writes go, and what other bridges on the same database do. */
export interface StoreListener {
  /** Called after each write, with the seconds that it took. */
  readonly onCommit: (seconds: number) => void;
  /** Called when the disk, the server, the file or a foreign lock kept something from being written. */
  readonly onFailure: (error: unknown) => void;
  /** Called when another bridge made work that this one may do as well. */
  readonly onNews: (news: News) => void;
  /** Called now and then with the time that all bridges on the database go by, where that is not this machine's own. */
  readonly onTime: (now: number) => void;
}

/** Which deliveries to repeat: those named, those of the events named, or a selection; each new one gets an id. */
export interface ReplayRequest {
  readonly deliveries?: readonly string[] | undefined;
  /** Their deliveries that are no replays themselves. */
  readonly events?: readonly string[] | undefined;
  readonly select?: Selection | undefined;
  /** Only tells which ones it would repeat. */
  readonly isDryRun?: boolean | undefined;
  /** The lanes that the destinations have now; one that is not among them keeps its delivery's lane. */
  readonly lanes: readonly LaneOf[];
  readonly now: number;
  readonly newId: NewId;
}

/**
 * Deliveries that ended in one way and can still be made, the oldest first. One that was replayed already is left out;
 * one that was delivered, when it was replayed after `before`.
 */
export interface Selection {
  readonly status: "dead" | "unknown" | "delivered";
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Only those created before, so that what a replay makes is not replayed in the same go; now unless given. */
  readonly before?: number | undefined;
  /** Only those behind this delivery, so that a long selection is walked through once. */
  readonly after?: string | undefined;
  readonly route?: string | undefined;
  readonly destination?: string | undefined;
}

/** A delivery made again; `id` is `null` when it cannot be, because its event's payload was pruned. */
export interface Replayed {
  readonly id: string | null;
  /** The one that it repeats. */
  readonly of: string;
  readonly destination: string;
  readonly route: string;
  /** Why it is not repeated: its event's payload is gone, or it still waits itself. */
  readonly hindrance: "pruned" | "waiting" | null;
}

/** A quarantined event that can be read now. */
export interface RequeuedEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly subject: string;
}

/** What is pruned: the payloads of old events, or old events with all their deliveries. */
export interface PruneRequest {
  readonly what: "payloads" | "events";
  /** Of events received before this time. */
  readonly before: number;
  /** Where the call before left off; `null` begins with the oldest. */
  readonly from: PrunePlace | null;
  readonly now: number;
}

/** What one call pruned, and where the next goes on; `null` when it has seen all. */
export interface Pruned {
  readonly count: number;
  readonly next: PrunePlace | null;
}

/** A place among the events, in the order of their arrival. */
export interface PrunePlace {
  readonly receivedAt: number;
  readonly seq: number;
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
  /** Empty once it was pruned. */
  readonly body: Uint8Array;
  readonly payloadPrunedAt: number | null;
  /** How often its webhook came again after the first time, and when that last was. */
  readonly duplicates: number;
  readonly lastDuplicateAt: number | null;
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

/** What the store takes up on disk, in bytes. */
export interface StoreSize {
  readonly used: number;
  /** Within the database, what deleted rows left for new ones. */
  readonly free: number;
  /** The write-ahead log beside the database; 0 where there is none. */
  readonly wal: number;
}

/** A lane that something waits in or that is parked. */
export interface LaneRecord {
  readonly lane: string;
  readonly account: string;
  readonly waiting: number;
  /** When the head of the lane was created. */
  readonly oldestAt: number | null;
  readonly parked: Reason | null;
}

/** What went through the routes in a time. */
export interface RouteTraffic {
  /** In no particular order; those that sent nothing are left out. */
  readonly routes: readonly RouteCount[];
  /** How many events no route took. */
  readonly unrouted: number;
}

/** What a route sent, under whichever config; replays are not counted. */
export interface RouteCount {
  readonly route: string;
  /** How many events it sent to at least one destination. */
  readonly events: number;
  readonly messages: number;
  /** When the last of its messages was created. */
  readonly lastAt: number;
}

/** An event as it is read for a comparison, beside a running bridge. */
export interface RecordedEvent extends Pick<
  EventRecord,
  | "id"
  | "source"
  | "type"
  | "subject"
  | "receivedAt"
  | "status"
  | "changes"
  | "body"
  | "payloadPrunedAt"
> {
  /** Its place in the order of arrival. */
  readonly seq: number;
}

/** Which events to list. */
export interface EventFilter extends PageRequest {
  readonly status?: EventStatus | undefined;
  readonly source?: string | undefined;
  readonly subject?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Which deliveries to list. */
export interface DeliveryFilter extends PageRequest {
  readonly status?: DeliveryRecord["status"] | undefined;
  readonly destination?: string | undefined;
  readonly route?: string | undefined;
  readonly event?: string | undefined;
  /** The delivery's own. */
  readonly id?: string | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** A text in the code or the sentence that the last attempt ended with, in any case. */
  readonly error?: string | undefined;
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

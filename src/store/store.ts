import type { Settlement } from "../core/delivery.ts";
import type { Report } from "../core/report.ts";
import type { Turns } from "../core/turns.ts";
import type {
  Claim,
  ClaimRequest,
  EndedClaim,
  ExtendRequest,
  Reservation,
  ReserveRequest,
} from "./contract/claims.ts";
import type {
  ArrivedWebhook,
  Enqueued,
  LaneOf,
  Mine,
  Processed,
  StoredEvent,
  StoredSnapshot,
} from "./contract/events.ts";
import type {
  AttemptRecord,
  DeliveryFilter,
  DeliveryRecord,
  EventFilter,
  EventRecord,
  LaneRecord,
  LateRecord,
  Page,
  RouteTraffic,
  StoreSize,
} from "./contract/records.ts";
import type {
  DueReport,
  DutyRequest,
  ExpireRequest,
  PruneRequest,
  Pruned,
  ReplayRequest,
  Replayed,
  RequeuedEvent,
  Resumed,
} from "./contract/requests.ts";

export type * from "./contract/events.ts";
export type * from "./contract/claims.ts";
export type * from "./contract/requests.ts";
export type * from "./contract/records.ts";

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
   * them; returns how many there were. After an event for which `isEnough` says so, it takes no more; what is not `mine`
   * stays for another bridge. `work` must not throw, and may be called again for an event whose commit failed.
   */
  process(
    limit: number,
    now: number,
    work: (event: StoredEvent, before: StoredSnapshot | undefined) => Processed,
    isEnough?: () => boolean,
    mine?: Mine,
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

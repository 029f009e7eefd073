import type { Change } from "../../core/change.ts";
import type { DeliveryStatus } from "../../core/delivery.ts";
import type { MessageRef, Reason } from "../../core/outcome.ts";
import type { RouteVerdict } from "../../core/rulebook.ts";
import type { AttemptOutcome } from "./claims.ts";
import type { EventStatus, LaneOf } from "./events.ts";

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

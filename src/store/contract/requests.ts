import type { NewId } from "../../core/id.ts";
import type { Reason } from "../../core/outcome.ts";
import type { Report } from "../../core/report.ts";
import type { LaneOf } from "./events.ts";

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

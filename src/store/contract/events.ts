import type { Change } from "../../core/change.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Reason } from "../../core/outcome.ts";
import type { Report } from "../../core/report.ts";
import type { Verdicts } from "../../core/rulebook.ts";

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

/** Which events a bridge can process, where another one's configuration may be newer or older. */
export interface Mine {
  /** The sources that it knows. */
  readonly sources: readonly string[];
  /** Events of other sources too, when they were received before this time; in milliseconds since the epoch. */
  readonly allBefore: number;
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
  /** `null` when no route was asked. */
  readonly verdicts: Verdicts | null;
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

import type { Generated, Selectable } from "kysely";

/** The tables, as Kysely sees them; lists and objects are JSON text, times milliseconds since the epoch. */
export interface Tables {
  events: EventsTable;
  rulebooks: RulebooksTable;
  snapshots: SnapshotsTable;
  deliveries: DeliveriesTable;
  attempts: AttemptsTable;
  lanes: LanesTable;
  accounts: AccountsTable;
  reports: ReportsTable;
  duties: DutiesTable;
  turns: TurnsTable;
  compatibility: CompatibilityTable;
}

/** One row an accepted webhook; `seq` is the order of arrival. */
export interface EventsTable {
  seq: Generated<number>;
  id: string;
  source: string;
  key: string;
  type: string;
  time: string | null;
  subject: string | null;
  received_at: number;
  processed_at: number | null;
  status: string;
  body: Uint8Array;
  changes: string | null;
  /** What routes said before there were rulebooks. */
  routes: string | null;
  /** What routes said, in terms of a rulebook. */
  verdicts: string | null;
  error: string | null;
  revision: string | null;
  payload_pruned_at: Generated<number | null>;
  /** How often the webhook came again, and when that last was. */
  duplicates: Generated<number>;
  duplicate_at: Generated<number | null>;
}

/** One row what the routes of a config can say; `id` is made of it, and `used_at` may be a day behind. */
export interface RulebooksTable {
  id: string;
  routes: string;
  used_at: number;
}

/** One row a subject. */
export interface SnapshotsTable {
  source: string;
  subject: string;
  time: string;
  state: string;
}

/** One row a message to be posted; `seq` is the order within its lane. */
export interface DeliveriesTable {
  seq: Generated<number>;
  id: string;
  event: string;
  route: string;
  destination: string;
  lane: string;
  template: string | null;
  rendered: string | null;
  status: string;
  form: string;
  attempts: number;
  created_at: number;
  next_attempt_at: number | null;
  last_error: string | null;
  ref: string | null;
  replay_of: string | null;
}

/** One row a try; `outcome` stays null when the bridge died during it. */
export interface AttemptsTable {
  delivery: string;
  number: number;
  started_at: number;
  ended_at: number | null;
  outcome: string | null;
  reason: string | null;
  template_error: string | null;
}

/** One row a channel; `due_at` is null while nothing waits in it. */
export interface LanesTable {
  id: string;
  account: string;
  due_at: number | null;
  not_before: number;
  /** When the wait ends that the platform asked for. */
  asked_until: Generated<number>;
  failures: number;
  parked: string | null;
  /** Why the lane must never be used again. */
  closed: Generated<string | null>;
  lease_until: number | null;
  owner: string | null;
}

/** One row a token or webhook. */
export interface AccountsTable {
  id: string;
  not_before: number;
  /** When the wait ends that the platform asked for. */
  asked_until: Generated<number>;
  failures: number;
  parked: string | null;
  /** Until when one attempt goes ahead of all others, after the account was closed. */
  probe_until: Generated<number | null>;
  /** Attempts in a row in any of its lanes that found the platform failing, and when the first of them ended. */
  streak: Generated<number>;
  failing_since: Generated<number | null>;
}

/** One row a cause of reports to the operator; `count` is how often it came up since it was told. */
export interface ReportsTable {
  cause: string;
  text: string;
  count: number;
  first_at: number;
  told_at: number;
}

/** One row something that one bridge does for all, and until when it is that one's. */
export interface DutiesTable {
  name: string;
  owner: string;
  lease_until: number;
}

/** One row something that a platform limits for all bridges: when the next turn at it is, and until when there is none. */
export interface TurnsTable {
  name: string;
  next_at: number;
  closed_until: number;
}

/** One row: the newest migration that the oldest version knows which may work on the store. */
export interface CompatibilityTable {
  id: number;
  oldest: string;
}

/** A row of `events` as it is read. */
export type EventRow = Selectable<EventsTable>;

/** A row of `deliveries` as it is read. */
export type DeliveryRow = Selectable<DeliveriesTable>;

/** A row of `snapshots` as it is read. */
export type SnapshotRow = Selectable<SnapshotsTable>;

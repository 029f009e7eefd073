import type { Tables } from "../tables.ts";

/** The tables that are moved; what bridges hold for a while stays behind, and what versions may use a store is its own. */
export type MovedName = Exclude<keyof Tables, "duties" | "compatibility">;

/** What a column holds, by the name of its type in PostgreSQL. */
export type Kind = "text" | "bigint" | "bytea";

/** How the rows of a table are moved. */
export interface MovedTable {
  readonly name: MovedName;
  /** All columns, in the order in which checksums have them. */
  readonly columns: readonly (readonly [name: string, kind: Kind])[];
  /** The columns that tell its rows apart, in the order of an index. */
  readonly key: readonly string[];
  /** What a bridge held while it ran, and nobody holds in the new store. */
  readonly dropped: readonly string[];
  /** Whether its rows are numbered, in `seq`. */
  readonly isNumbered: boolean;
}

interface Layout<Name extends MovedName> {
  readonly columns: { readonly [Column in keyof Tables[Name] & string]: Kind };
  readonly key: readonly (keyof Tables[Name] & string)[];
  readonly dropped?: readonly (keyof Tables[Name] & string)[];
}

/** By table; the compiler sees to it that no column of any table is missing. */
const LAYOUTS: { readonly [Name in MovedName]: Layout<Name> } = {
  accounts: {
    columns: {
      id: "text",
      not_before: "bigint",
      asked_until: "bigint",
      failures: "bigint",
      parked: "text",
      probe_until: "bigint",
      streak: "bigint",
      failing_since: "bigint",
    },
    key: ["id"],
    dropped: ["probe_until"],
  },
  lanes: {
    columns: {
      id: "text",
      account: "text",
      due_at: "bigint",
      not_before: "bigint",
      asked_until: "bigint",
      failures: "bigint",
      parked: "text",
      closed: "text",
      lease_until: "bigint",
      owner: "text",
    },
    key: ["id"],
    dropped: ["lease_until", "owner"],
  },
  reports: {
    columns: {
      cause: "text",
      text: "text",
      count: "bigint",
      first_at: "bigint",
      told_at: "bigint",
    },
    key: ["cause"],
  },
  turns: {
    columns: { name: "text", next_at: "bigint", closed_until: "bigint" },
    key: ["name"],
  },
  snapshots: {
    columns: { source: "text", subject: "text", time: "text", state: "text" },
    key: ["source", "subject"],
  },
  rulebooks: {
    columns: { id: "text", routes: "text", used_at: "bigint" },
    key: ["id"],
  },
  events: {
    columns: {
      seq: "bigint",
      id: "text",
      source: "text",
      key: "text",
      type: "text",
      time: "text",
      subject: "text",
      received_at: "bigint",
      processed_at: "bigint",
      status: "text",
      body: "bytea",
      changes: "text",
      routes: "text",
      verdicts: "text",
      error: "text",
      revision: "text",
      payload_pruned_at: "bigint",
      duplicates: "bigint",
      duplicate_at: "bigint",
    },
    key: ["seq"],
  },
  deliveries: {
    columns: {
      seq: "bigint",
      id: "text",
      event: "text",
      route: "text",
      destination: "text",
      lane: "text",
      template: "text",
      rendered: "text",
      status: "text",
      form: "text",
      attempts: "bigint",
      created_at: "bigint",
      next_attempt_at: "bigint",
      last_error: "text",
      ref: "text",
      replay_of: "text",
    },
    key: ["seq"],
  },
  attempts: {
    columns: {
      delivery: "text",
      number: "bigint",
      started_at: "bigint",
      ended_at: "bigint",
      outcome: "text",
      reason: "text",
      template_error: "text",
    },
    key: ["delivery", "number"],
  },
};

/** In the order in which they are moved. */
export const MOVED_TABLES: readonly MovedTable[] = (
  Object.entries(LAYOUTS) as [MovedName, Layout<MovedName>][]
).map(([name, { columns, key, dropped = [] }]) => ({
  name,
  columns: Object.entries<Kind>(columns),
  key,
  dropped,
  isNumbered: "seq" in columns,
}));

import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { WAITING } from "../literals.ts";
import { bytes, createNumbered } from "./types.ts";

/** The first tables: events, snapshots, deliveries, attempts, lanes, accounts. */
export const initial: Migration = {
  async up(db: Kysely<unknown>) {
    await createNumbered(db, "events")
      .addColumn("id", "text", (column) => column.notNull().unique())
      .addColumn("source", "text", (column) => column.notNull())
      .addColumn("key", "text", (column) => column.notNull())
      .addColumn("type", "text", (column) => column.notNull())
      .addColumn("time", "text")
      .addColumn("subject", "text")
      .addColumn("received_at", "bigint", (column) => column.notNull())
      .addColumn("processed_at", "bigint")
      .addColumn("status", "text", (column) => column.notNull())
      .addColumn("body", bytes(db), (column) => column.notNull())
      .addColumn("changes", "text")
      .addColumn("routes", "text")
      .addColumn("error", "text")
      .addColumn("revision", "text")
      .addUniqueConstraint("events_source_key", ["source", "key"])
      .execute();
    await db.schema.createIndex("events_status").on("events").columns(["status", "seq"]).execute();
    await db.schema
      .createIndex("events_subject")
      .on("events")
      .columns(["subject", "seq"])
      .execute();

    await db.schema
      .createTable("snapshots")
      .addColumn("source", "text", (column) => column.notNull())
      .addColumn("subject", "text", (column) => column.notNull())
      .addColumn("time", "text", (column) => column.notNull())
      .addColumn("state", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("snapshots_key", ["source", "subject"])
      .execute();

    await createNumbered(db, "deliveries")
      .addColumn("id", "text", (column) => column.notNull().unique())
      .addColumn("event", "text", (column) => column.notNull())
      .addColumn("route", "text", (column) => column.notNull())
      .addColumn("destination", "text", (column) => column.notNull())
      .addColumn("lane", "text", (column) => column.notNull())
      .addColumn("template", "text")
      .addColumn("rendered", "text")
      .addColumn("status", "text", (column) => column.notNull())
      .addColumn("form", "text", (column) => column.notNull())
      .addColumn("attempts", "integer", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("next_attempt_at", "bigint")
      .addColumn("last_error", "text")
      .addColumn("ref", "text")
      .addColumn("replay_of", "text")
      .execute();
    await db.schema
      .createIndex("deliveries_waiting")
      .on("deliveries")
      .columns(["lane", "seq"])
      .where(sql.ref("status"), "in", [...WAITING])
      .execute();
    await db.schema
      .createIndex("deliveries_waiting_since")
      .on("deliveries")
      .columns(["created_at", "destination"])
      .where(sql.ref("status"), "in", [...WAITING])
      .execute();
    await db.schema
      .createIndex("deliveries_waiting_for")
      .on("deliveries")
      .columns(["destination", "lane"])
      .where(sql.ref("status"), "in", [...WAITING])
      .execute();
    await db.schema
      .createIndex("deliveries_status")
      .on("deliveries")
      .columns(["status", "seq"])
      .execute();
    await db.schema
      .createIndex("deliveries_replays")
      .on("deliveries")
      .column("replay_of")
      .where(sql.ref("replay_of"), "is not", null)
      .execute();
    await db.schema.createIndex("deliveries_event").on("deliveries").column("event").execute();
    await db.schema
      .createIndex("deliveries_destination")
      .on("deliveries")
      .columns(["destination", "seq"])
      .execute();

    await db.schema
      .createTable("attempts")
      .addColumn("delivery", "text", (column) => column.notNull())
      .addColumn("number", "integer", (column) => column.notNull())
      .addColumn("started_at", "bigint", (column) => column.notNull())
      .addColumn("ended_at", "bigint")
      .addColumn("outcome", "text")
      .addColumn("reason", "text")
      .addColumn("template_error", "text")
      .addPrimaryKeyConstraint("attempts_key", ["delivery", "number"])
      .execute();

    await db.schema
      .createTable("lanes")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("account", "text", (column) => column.notNull())
      .addColumn("due_at", "bigint")
      .addColumn("not_before", "bigint", (column) => column.notNull())
      .addColumn("failures", "integer", (column) => column.notNull())
      .addColumn("parked", "text")
      .addColumn("lease_until", "bigint")
      .addColumn("owner", "text")
      .execute();
    await db.schema
      .createIndex("lanes_due")
      .on("lanes")
      .column("due_at")
      .where(sql.ref("due_at"), "is not", null)
      .execute();

    await db.schema
      .createTable("accounts")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("not_before", "bigint", (column) => column.notNull())
      .addColumn("failures", "integer", (column) => column.notNull())
      .addColumn("parked", "text")
      .execute();
  },
};

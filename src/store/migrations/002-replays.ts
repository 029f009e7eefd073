import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** A replayed delivery names the one that it repeats. */
export const replays: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable("deliveries").addColumn("replay_of", "text").execute();
  },
};

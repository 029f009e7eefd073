import { join } from "node:path";
import Database from "better-sqlite3";
import { generationOf } from "./edits.ts";

/** What the store says of the configs that events were decided by. */
export interface Decisions {
  /** Events that name a config which was never in use. */
  readonly strangers: number;
  /** Messages whose route is of another config than the one that their event names. */
  readonly mixed: number;
  /** How many configs decided anything. */
  readonly configs: number;
}

/** Reads the store in a folder; `generations` tells for the revision of each config that was in use which it is. */
export function readDecisions(folder: string, generations: ReadonlyMap<string, number>): Decisions {
  const db = new Database(join(folder, "bellhop.db"), { readonly: true });
  try {
    const events = db
      .prepare<[], { revision: string | null; count: number }>(
        "select revision, count(*) as count from events group by revision",
      )
      .all();
    const routes = db
      .prepare<[], { revision: string; route: string; count: number }>(
        `select events.revision, route, count(*) as count
         from deliveries join events on events.id = event group by events.revision, route`,
      )
      .all();
    return {
      strangers: sum(events.filter(({ revision }) => !generations.has(revision ?? ""))),
      mixed: sum(
        routes.filter(({ revision, route }) => generations.get(revision) !== generationOf(route)),
      ),
      configs: events.length,
    };
  } finally {
    db.close();
  }
}

function sum(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

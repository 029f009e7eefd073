import { generationOf } from "./edits.ts";
import type { TrialStore } from "./stores/trial-store.ts";

/** What the store says of the configs that events were decided by. */
export interface Decisions {
  /** Events that name a config which was never in use. */
  readonly strangers: number;
  /** Messages whose route is of another config than the one that their event names. */
  readonly mixed: number;
  /** How many configs decided anything. */
  readonly configs: number;
}

/** Reads a store; `generations` tells for the revision of each config that was in use which it is. */
export async function readDecisions(
  store: TrialStore,
  generations: ReadonlyMap<string, number>,
): Promise<Decisions> {
  const events = await store.rows<{ revision: string | null; count: number }>(
    "select revision, count(*) as count from events group by revision",
  );
  const routes = await store.rows<{ revision: string; route: string; count: number }>(
    `select events.revision, route, count(*) as count
     from deliveries join events on events.id = event group by events.revision, route`,
  );
  return {
    strangers: sum(events.filter(({ revision }) => !generations.has(revision ?? ""))),
    mixed: sum(
      routes.filter(({ revision, route }) => generations.get(revision) !== generationOf(route)),
    ),
    configs: events.length,
  };
}

function sum(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

import type { TrialStore } from "../stores/trial-store.ts";
import { keyOf } from "./tally.ts";

/** An event that a bridge has kept. */
export interface Kept {
  readonly id: string;
  /** Its source and a digest of its body. */
  readonly what: string;
}

/** Every event in a store. */
export async function readKept(store: TrialStore): Promise<Kept[]> {
  const rows = await store.rows<{ id: string; source: string; body: Buffer }>(
    "select id, source, body from events",
  );
  return rows.map(({ id, source, body }) => ({ id, what: keyOf(source, body) }));
}

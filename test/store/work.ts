import type { PrunePlace, Store } from "../../src/store/store.ts";
import { rowId } from "./rows.ts";

/** The instant at which the work below is done. */
export const NOW = Date.parse("2026-11-22T10:00:00Z");

/** Prunes as housekeeping does: payloads after 30 days, events after 90, then disk space. */
export async function pruneAll(store: Store): Promise<void> {
  for (const [what, days] of [
    ["payloads", 30],
    ["events", 90],
  ] as const) {
    let from: PrunePlace | null = null;
    do {
      const before = NOW - days * 86_400_000;
      const pruned: { next: PrunePlace | null } = await store.prune({
        what,
        before,
        from,
        now: NOW,
      });
      from = pruned.next;
    } while (from !== null);
  }
  while (await store.compact());
}

/** Replays dead letters as `bellhop replay --dead` does: portion by portion, those that were there at the start. */
export async function replayDead(store: Store): Promise<void> {
  while (
    (await store.replay({ select: { status: "dead" }, lanes: [], now: NOW, newId: ownId })).length >
    0
  );
}

/** An id that no other process gives. */
function ownId(prefix: string): string {
  return `${rowId(prefix)}_${process.pid}`;
}

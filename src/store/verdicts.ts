import type { Miss } from "../core/match.ts";
import type { RouteVerdict } from "../core/route.ts";

/** Routes in a row that failed by one and the same miss, as those of a group do that did not let the event in. */
interface Run {
  readonly names: readonly string[];
  readonly failed: Miss;
}

/** Verdicts as JSON. With a thousand routes, saying for each what is true of its whole group would be most of an event. */
export function packVerdicts(verdicts: readonly RouteVerdict[]): string {
  const packed: (RouteVerdict | { names: string[]; failed: Miss })[] = [];
  for (const verdict of verdicts) {
    const last = packed.at(-1);
    if (verdict.failed === undefined || verdict.failed !== last?.failed) packed.push(verdict);
    else if ("names" in last) last.names.push(verdict.name);
    else packed[packed.length - 1] = { names: [last.name, verdict.name], failed: verdict.failed };
  }
  return JSON.stringify(packed);
}

/** The verdicts in JSON that `packVerdicts` wrote; those of events that were not processed are none. */
export function unpackVerdicts(text: string | null): readonly RouteVerdict[] {
  if (text === null) return [];
  const packed = JSON.parse(text) as readonly (RouteVerdict | Run)[];
  return packed.flatMap((one) =>
    "names" in one
      ? one.names.map((name) => ({ name, matched: false, failed: one.failed }))
      : [one],
  );
}

import type { Change } from "../../src/core/change.ts";
import type { ToldKind } from "../../src/sources/source.ts";

/** The kinds of changes, and the facts in them, that a type of source does not say it tells. */
export function undeclared(told: readonly Change[], declared: readonly ToldKind[]): string[] {
  return told.flatMap((change) => {
    const known = declared.find(({ kind }) => kind === change.kind);
    if (known === undefined) return [change.kind];
    return Object.entries(change)
      .filter(([name]) => !["kind", "summary", "tone", ...known.carries].includes(name))
      .filter(([, fact]) => (Array.isArray(fact) ? fact.length > 0 : fact !== null))
      .map(([name]) => `${change.kind} with ${name}`);
  });
}

import type { Sandbox } from "../sandbox/sandbox.ts";
import { faultKind } from "./fault-words.ts";
import { table } from "./print.ts";

/** Counts what happens in a sandbox from now on; gives back what tells it as lines, a figure each. */
export function tally(sandbox: Sandbox): () => string[] {
  let messages = 0;
  let refused = 0;
  const faults = new Map<string, number>();
  sandbox.onMessage((message) => {
    if (message.editedAt === undefined) messages += 1;
  });
  sandbox.onRefused(() => {
    refused += 1;
  });
  sandbox.onFault(({ fault }) => {
    const kind = faultKind(fault);
    faults.set(kind, (faults.get(kind) ?? 0) + 1);
  });
  return () => {
    const given = [...faults.values()].reduce((sum, count) => sum + count, 0);
    const kinds = [...faults].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const figures: readonly (readonly [string, number])[] = [
      ["requests", sandbox.requests],
      ["messages", messages],
      ["refused", refused],
      ["too early", sandbox.early],
      ["faults", given],
      ...kinds.map(([kind, count]) => [`  ${kind}`, count] as const),
    ];
    const width = Math.max(...figures.map(([, count]) => String(count).length));
    return table(figures.map(([name, count]) => [name, String(count).padStart(width)]));
  };
}

import type { Built } from "./build.ts";
import { doubt, type Flaw } from "./yaml/flaw.ts";

/** What only shows when a config is made ready: destinations that are the same channel. */
export function madeFlaws({ destinations }: Built): Flaw[] {
  const first = new Map<string, string>();
  return destinations.flatMap(({ name, lane }) => {
    const before = first.get(lane);
    first.set(lane, before ?? name);
    if (before === undefined) return [];
    const message = `This is the same channel as "${before}": an event that is sent to both appears there twice.`;
    return [doubt(["destinations", name], message, "key")];
  });
}

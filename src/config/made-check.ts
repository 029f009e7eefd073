import { statSync } from "node:fs";
import type { Built } from "./build.ts";
import { doubt, type Flaw, flaw } from "./flaw.ts";

/** What only shows when a config is made ready: a store that is a folder, destinations that are the same channel. */
export function madeFlaws({ store, destinations }: Built): Flaw[] {
  const first = new Map<string, string>();
  const doubles = destinations.flatMap(({ name, lane }) => {
    const before = first.get(lane);
    first.set(lane, before ?? name);
    if (before === undefined) return [];
    const message = `This is the same channel as "${before}": an event that is sent to both appears there twice.`;
    return [doubt(["destinations", name], message, "key")];
  });
  const isFolder = statSync(store.path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const inFolder =
    "The store is a file, and this is a folder. Add a file's name, such as `/bellhop.db`.";
  return isFolder ? [flaw(["store"], inFolder), ...doubles] : doubles;
}

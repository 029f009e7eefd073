import { setTimeout } from "node:timers/promises";
import type { Origins } from "../../config/origins.ts";
import { stampOf } from "../../config/stamp.ts";

/** How often files are looked at, in milliseconds; ours: half of what a person takes for at once. */
const LOOK_EVERY_MS = 100;

/**
 * Does something now, and again whenever the files that it was made from change and then stay as they are for a look,
 * since editors write a file in several steps. `known` is what it is made from at least. Resolves when the signal says so.
 */
export async function whenever(
  work: () => Promise<Origins>,
  known: Origins,
  signal: AbortSignal,
): Promise<void> {
  let origins = known;
  let done = "";
  while (!signal.aborted) {
    const found = await calmStamp(origins, done, signal);
    if (signal.aborted) return;
    const next = await work();
    done = await stampAfter(origins, found, next);
    origins = next;
  }
}

/** The stamp of what the work was done with; empty, so that it is done again, when a file changed meanwhile. */
async function stampAfter(origins: Origins, found: string, next: Origins): Promise<string> {
  if (JSON.stringify(next) === JSON.stringify(origins)) return found;
  const { text: stamp } = await stampOf(next);
  return (await stampOf(origins)).text === found ? stamp : "";
}

/** A stamp other than the one known, once two looks in a row have found it. */
async function calmStamp(origins: Origins, known: string, signal: AbortSignal): Promise<string> {
  let last = "";
  for (;;) {
    const { text: found } = await stampOf(origins);
    if (signal.aborted || (found !== known && (found === last || known === ""))) return found;
    last = found;
    await setTimeout(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

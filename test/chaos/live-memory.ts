import { setTimeout as sleep } from "node:timers/promises";
import type { Served } from "../end-to-end/process.ts";
import { scrape } from "./scrape.ts";

const PRELOAD = new URL("./collect-preload.ts", import.meta.url);

/** How long a collection may take, in milliseconds; ours: several times what it needs. */
const COLLECTED_AFTER_MS = 1_000;

/** What a bridge needs in its environment to be asked for its live memory. */
export const COLLECTABLE = { NODE_OPTIONS: `--import=${PRELOAD.href}` } as const;

/** The MiB that a bridge holds of objects that are in use, garbage left out; it must have been started as `COLLECTABLE`. */
export async function liveMemory({ pid, url }: Pick<Served, "pid" | "url">): Promise<number> {
  process.kill(pid, "SIGUSR2");
  await sleep(COLLECTED_AFTER_MS);
  const metrics = await scrape(url);
  const bytes =
    (metrics.get("nodejs_heap_size_used_bytes") ?? Number.NaN) +
    (metrics.get("nodejs_external_memory_bytes") ?? Number.NaN);
  return Math.round(bytes / 2 ** 20);
}

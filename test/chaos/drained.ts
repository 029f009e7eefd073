import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

/** How long nothing may appear before it is taken for lost, in milliseconds; ours. */
const PATIENCE_MS = 60_000;

/**
 * Resolves once the bridge has nothing left to do, or has got nothing done for a minute: what is then missing shows
 * in the figures. What waits in parked lanes counts only where it is asked for.
 */
export async function drained(
  url: string,
  sandbox: Sandbox,
  progress: (messages: number) => void,
  parkedToo = true,
): Promise<void> {
  const queries = parkedToo ? [...BUSY, PARKED] : BUSY;
  let [messages, changedAt] = [-1, 0];
  // A delivery that fails passes from one list to another, perhaps between two looks.
  for (let idle = 0; idle < IDLE_LOOKS; idle = (await isAny(url, queries)) ? 0 : idle + 1) {
    if (sandbox.messages.length !== messages)
      [messages, changedAt] = [sandbox.messages.length, Date.now()];
    if (Date.now() - changedAt > PATIENCE_MS) return;
    progress(messages);
    await sleep(POLL_MS);
  }
}

const POLL_MS = 250;

/** How many looks in a row must find nothing; ours. */
const IDLE_LOOKS = 3;

const PARKED = "deliveries?status=parked";

const BUSY = ["events?status=stored", "deliveries?status=pending", "deliveries?status=sending"];

async function isAny(url: string, queries: readonly string[]): Promise<boolean> {
  for (const query of queries) {
    const response = await fetch(`${url}/api/${query}&limit=1`);
    const answer = (await response.json()) as { events?: unknown[]; deliveries?: unknown[] };
    const found = answer.events ?? answer.deliveries;
    if (found === undefined) throw new Error(`The bridge answered ${query} with no list.`);
    if (found.length > 0) return true;
  }
  return false;
}

/** The lanes in which deliveries wait because they, or their accounts, are parked. */
export async function parkedLanes(url: string): Promise<string[]> {
  const response = await fetch(`${url}/api/${PARKED}&limit=500`);
  const { deliveries } = (await response.json()) as { deliveries: { readonly lane: string }[] };
  return [...new Set(deliveries.map(({ lane }) => lane))];
}

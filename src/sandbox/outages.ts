import { setTimeout as sleep } from "node:timers/promises";
import { nextTurn, type Schedule, spanAt } from "./schedule.ts";

/** What is closed and opened. */
export interface Port {
  down(): Promise<void>;
  up(): Promise<void>;
}

/** The longest that a timer of Node's can wait, in milliseconds. https://nodejs.org/api/timers.html */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Closes and opens a port as the schedules say, from now on until the signal; `told` hears of each turn. A turn that comes
 * late is made late, and none is left out. Rejects when the port cannot be opened again.
 */
export async function runOutages(
  port: Port,
  schedules: readonly Schedule[],
  { signal, told }: { readonly signal: AbortSignal; readonly told: (isDown: boolean) => void },
): Promise<void> {
  const begin = performance.now();
  let isDown = false;
  let turnMs = 0;
  while (!signal.aborted) {
    const shouldBeDown = schedules.some((schedule) => spanAt(schedule, turnMs) !== undefined);
    if (shouldBeDown !== isDown) {
      await (shouldBeDown ? port.down() : port.up());
      isDown = shouldBeDown;
      told(isDown);
    }
    turnMs = Math.min(...schedules.map((schedule) => nextTurn(schedule, turnMs) ?? Infinity));
    await sleepUntil(begin + turnMs, signal);
  }
}

async function sleepUntil(due: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && performance.now() < due) {
    const waitMs = Math.min(due - performance.now(), LONGEST_MS);
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

import { isMainThread } from "node:worker_threads";
import { appendFileSync } from "node:fs";
import type { Turn } from "./turns.ts";

/** How often the event loop is looked at, in milliseconds: so much longer than it is a turn may seem. */
const EVERY_MS = 5;

/** The shortest turn that is written down, in milliseconds. */
const NOTED_MS = 30;

/** Notes each long turn of this process's event loop: `node --import` this, with the name of a file in TURNS. */
let [wall, cpu] = [performance.now(), cpuNow()];
if (isMainThread) setInterval(look, EVERY_MS).unref();

function look(): void {
  const [wallNow, cpuAfter] = [performance.now(), cpuNow()];
  const turn: Turn = { at: Date.now(), wallMs: wallNow - wall, cpuMs: cpuAfter - cpu };
  if (turn.wallMs >= NOTED_MS)
    appendFileSync(process.env["TURNS"] ?? "", `${JSON.stringify(turn)}\n`);
  [wall, cpu] = [wallNow, cpuAfter];
}

/** Of this thread, in milliseconds. */
function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

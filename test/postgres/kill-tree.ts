import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** How often we look whether a killed process is gone, in milliseconds; ours. */
const LOOK_EVERY_MS = 5;

/**
 * Kills a process and its children with -9 and waits until they are gone. A server of PostgreSQL is no process group:
 * each of its processes leads a group of its own.
 */
export async function killTree(pid: number): Promise<void> {
  // Held, it neither starts more nor puts its affairs in order.
  signal(pid, "SIGSTOP");
  const children = await childrenOf(pid);
  for (const each of [...children, pid]) signal(each, "SIGKILL");
  for (const child of children) {
    while (await isThere(child)) await sleep(LOOK_EVERY_MS);
  }
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => pgrep(pid));
  return text.split(/\s+/).filter(Boolean).map(Number);
}

/** As `/proc` has it, where there is no `/proc`. */
async function pgrep(pid: number): Promise<string> {
  return promisify(execFile)("pgrep", ["-P", String(pid)]).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

async function isThere(pid: number): Promise<boolean> {
  if (!signal(pid, 0)) return false;
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // A zombie holds nothing any more; in a container nobody may ever collect it.
  return !stat.includes(") Z ");
}

/** Signals a process; false when it has ended. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

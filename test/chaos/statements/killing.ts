import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { StoreKind } from "../stores/trial-store.ts";

/** The statements after which a process may die: those that write, and the ends of transactions. */
const WRITES =
  "^\\s*(begin|commit|create|drop|alter|insert|update|delete|with|pragma (journal|incremental|wal))";

const STORE_TESTS = new URL("../../store/", import.meta.url);

/** What counts the statements of each store. */
const PRELOADS = { sqlite: "kill-after.ts", postgres: "kill-after-query.ts" } as const;

/** What a process needs in its environment to die after so many statements; to note them instead, a file for them. */
export function dyingAfter(
  kind: StoreKind,
  statements: number | { readonly noted: string },
): Record<string, string> {
  const preload = `--import=${new URL(PRELOADS[kind], STORE_TESTS).href}`;
  const common = { NODE_OPTIONS: preload, KILL_COUNTS: WRITES };
  return typeof statements === "number"
    ? { ...common, KILL_AFTER_STATEMENTS: String(statements) }
    : { ...common, KILL_LOG: statements.noted };
}

/** How many statements were noted in a file. */
export async function countNoted(file: string): Promise<number> {
  const text = await readFile(file, "utf8");
  return text.split("\n").filter((line) => new RegExp(WRITES, "i").test(line)).length;
}

/** Does a piece of work on the store in a file or database, in a process of its own; tells whether that lived to its end. */
export async function workOn(
  work: string,
  place: string,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const child = spawn(process.execPath, [new URL("killed.ts", STORE_TESTS).pathname, work, place], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  await once(child, "exit");
  if (child.exitCode !== 0 && child.signalCode !== "SIGKILL")
    throw new Error(`The process that was to ${work} ended with ${child.exitCode}.`);
  return child.exitCode === 0;
}

/** Numbers from 1 to `last`, all of them or so many that are spread evenly. */
export function spread(last: number, most: number): number[] {
  const step = Math.max(1, (last - 1) / Math.max(1, most - 1));
  const all = Array.from({ length: Math.min(last, most) }, (_, index) =>
    Math.min(last, Math.round(1 + index * step)),
  );
  return [...new Set(all)];
}

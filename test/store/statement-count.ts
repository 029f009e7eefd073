import { appendFileSync } from "node:fs";

// Counts the SQL statements of a process that is to end with SIGKILL, as the kernel would end it, once so many of them have
// run. Its environment:
//   KILL_AFTER_STATEMENTS  how many counted statements are let through; the process dies when the last of them returns
//   KILL_COUNTS            which statements count, as a regular expression on their text; all unless set
//   KILL_LOG               a file that each counted statement's text is appended to, before it runs

const limit = Number(process.env["KILL_AFTER_STATEMENTS"] ?? Infinity);
const counted = new RegExp(process.env["KILL_COUNTS"] ?? "", "i");
const log = process.env["KILL_LOG"];
let count = 0;

/** Notes a statement that is about to run; tells whether it counts. */
export function begins(sql: string): boolean {
  if (!counted.test(sql)) return false;
  if (log !== undefined) appendFileSync(log, `${sql}\n`);
  return true;
}

/** Counts a statement that has run, which may be the last thing that this process does. */
export function returns(): void {
  count += 1;
  if (count >= limit) process.kill(process.pid, "SIGKILL");
}

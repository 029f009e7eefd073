import { appendFileSync } from "node:fs";
import Database from "better-sqlite3";

// A preload: `node --import <this file> src/main.ts serve` ends the process with SIGKILL, as the kernel would, once it
// has run so many SQL statements. Its environment:
//   KILL_AFTER_STATEMENTS  how many counted statements are let through; the process dies when the last of them returns
//   KILL_COUNTS            which statements count, as a regular expression on their text; all unless set
//   KILL_LOG               a file that each counted statement's text is appended to, before it runs

const limit = Number(process.env["KILL_AFTER_STATEMENTS"] ?? Infinity);
const counted = new RegExp(process.env["KILL_COUNTS"] ?? "", "i");
const log = process.env["KILL_LOG"];
let count = 0;

const database = Database.prototype as unknown as { exec: Exec };
const { exec } = database;
database.exec = function counting(sql) {
  return run(sql, () => exec.call(this, sql));
};

const statement = Object.getPrototypeOf(new Database(":memory:").prepare("select 1")) as Methods;
for (const method of ["run", "get", "all"] as const) {
  const original = statement[method];
  statement[method] = function counting(this: Statement, ...parameters: unknown[]) {
    return run(this.source, () => original.apply(this, parameters));
  };
}

type Exec = (this: Database.Database, sql: string) => unknown;
type Method = (this: Statement, ...parameters: unknown[]) => unknown;
type Methods = Record<"run" | "get" | "all", Method>;
interface Statement {
  readonly source: string;
}

function run<T>(sql: string, work: () => T): T {
  if (!counted.test(sql)) return work();
  if (log !== undefined) appendFileSync(log, `${sql}\n`);
  const result = work();
  count += 1;
  if (count >= limit) process.kill(process.pid, "SIGKILL");
  return result;
}

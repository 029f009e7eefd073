import Database from "better-sqlite3";
import { begins, returns } from "./statement-count.ts";

// A preload: `node --import <this file> src/main.ts serve` ends the process once it has run so many statements of SQLite.

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
  if (!begins(sql)) return work();
  const result = work();
  returns();
  return result;
}

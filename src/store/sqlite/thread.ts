import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { type Ran, Statements } from "./connection.ts";
import { openFile } from "./file.ts";
import type { Answered, Asked, Begun, Came } from "./thread-messages.ts";

// The thread of a database: it opens the file that it is told, runs what it is asked, and ends when it is closed.

let statements: Statements | undefined;

parentPort?.on("message", (asked: Asked) => {
  answer(() => doneFor(asked));
  if (asked.kind === "close") parentPort?.close();
});
answer(() => {
  statements = new Statements(openFile((workerData as Begun).path));
  return { rows: [] };
});
// Without a database nothing will be asked.
if (statements === undefined) parentPort?.close();

function doneFor(asked: Asked): Ran {
  if (statements === undefined) throw new Error("The database is not open.");
  if (asked.kind === "run") return statements.run(asked.sql, asked.parameters);
  statements.close();
  return { rows: [] };
}

function answer(work: () => Ran): void {
  const came = attempt(work);
  const answered: Answered = { ...came, isInTransaction: statements?.isInTransaction ?? false };
  parentPort?.postMessage(answered);
}

/** Errors lose their class on the way between threads. */
function attempt(work: () => Ran): Came {
  try {
    return { done: work() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failed: { message, code: error instanceof Database.SqliteError ? error.code : null } };
  }
}

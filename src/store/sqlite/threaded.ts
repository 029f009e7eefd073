import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import type { Connection, Ran } from "./connection.ts";
import type { Answered, Asked, Begun, Came } from "./thread-messages.ts";

/** The same kind of file as this one: TypeScript in the sources, JavaScript in the package. */
const THREAD = new URL(`./thread${import.meta.url.slice(-3)}`, import.meta.url);

/**
 * Opens a file in a thread of its own, so that neither statements nor the disk hold up what else the process does.
 * Rejects with an `SqliteError` when it is no database. A thread that ends by itself is an error that ends the process.
 */
export async function openThreaded(path: string): Promise<Connection> {
  const begun: Begun = { path };
  const worker = new Worker(THREAD, { workerData: begun });
  const waiting: PromiseWithResolvers<Ran>[] = [];
  let isInTransaction = false;
  let isClosing = false;
  worker.on("message", (answered: Answered) => {
    const asked = waiting.shift();
    // A statement that is under way keeps the process, a database that is open does not.
    if (waiting.length === 0 && !isClosing) worker.unref();
    isInTransaction = answered.isInTransaction;
    if ("done" in answered) asked?.resolve(answered.done);
    else asked?.reject(errorOf(answered.failed));
  });
  const ended = new Promise<void>((resolve) =>
    worker.once("exit", () => {
      for (const { reject } of waiting.splice(0)) reject(new Error("The database's thread ended."));
      resolve();
    }),
  );
  await answer();
  return {
    get isInTransaction() {
      return isInTransaction;
    },
    run: (sql, parameters) => ask({ kind: "run", sql, parameters }),
    close: async () => {
      isClosing = true;
      await ask({ kind: "close" });
      await ended;
    },
  };

  function ask(asked: Asked): Promise<Ran> {
    worker.postMessage(asked);
    return answer();
  }

  function answer(): Promise<Ran> {
    if (waiting.length === 0) worker.ref();
    const one = Promise.withResolvers<Ran>();
    waiting.push(one);
    return one.promise;
  }
}

function errorOf({ message, code }: Extract<Came, { failed: unknown }>["failed"]): Error {
  return code === null ? new Error(message) : new Database.SqliteError(message, code);
}

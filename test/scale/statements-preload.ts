import { writeFileSync } from "node:fs";
import { Client, type QueryResult } from "pg";

/** Counts what a bridge has PostgreSQL do, and writes the counts down when it gets SIGUSR2: `node --import` this. */
const { query } = Client.prototype as { readonly query: (...args: unknown[]) => unknown };
const counts = { statements: 0, transactions: 0, rows: 0 };

Client.prototype.query = function counted(this: Client, ...args: unknown[]) {
  const sent = Reflect.apply(query, this, args);
  counts.statements += 1;
  if (String(args[0]).startsWith("begin")) counts.transactions += 1;
  if (sent instanceof Promise) sent.then(countRows, () => {});
  return sent as never;
};

process.on("SIGUSR2", () => {
  writeFileSync(`${process.env["SCALE_COUNTS"]}-${process.pid}`, JSON.stringify(counts));
});

function countRows({ command, rowCount }: QueryResult): void {
  if (["INSERT", "UPDATE", "DELETE"].includes(command)) counts.rows += rowCount ?? 0;
}

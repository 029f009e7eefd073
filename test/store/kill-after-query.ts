import { Client } from "pg";
import { begins, returns } from "./statement-count.ts";

// A preload: `node --import <this file> src/main.ts serve` ends the process once PostgreSQL has answered so many statements.

const client = Client.prototype as unknown as { query: Query };
const { query } = client;
client.query = function counting(statement, ...more) {
  const isCounted = begins(typeof statement === "string" ? statement : (statement.text ?? ""));
  const answer = query.call(this, statement, ...more);
  if (!isCounted || !(answer instanceof Promise)) return answer;
  return answer.then((result: unknown) => {
    returns();
    return result;
  });
};

type Query = (
  this: Client,
  statement: string | { readonly text?: string },
  ...more: unknown[]
) => unknown;

import { createHash } from "node:crypto";
import { storable } from "./flavor.ts";

/** How many characters of a name are kept that is too long; ours. */
const HEAD = 500;

/**
 * The most characters of a name that is kept as it is; ours, and what a shortened one has: an index of PostgreSQL takes 2,704
 * bytes a row. https://www.postgresql.org/docs/current/btree.html#BTREE-BEHAVIOR
 */
const MOST = HEAD + 1 + 64;

/**
 * A key or a subject as the store keeps it, which a vendor may have made as long as a payload can be: a long one by its
 * beginning and a digest of all of it. What is kept already stays as it is.
 */
export function keptName(name: string): string {
  const text = String(storable("", name));
  if (text.length <= MOST) return text;
  const digest = createHash("sha256").update(text).digest("hex");
  return `${text.slice(0, HEAD).toWellFormed()}…${digest}`;
}

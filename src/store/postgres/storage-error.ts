import { DatabaseError } from "pg";
import { BridgeError } from "../../core/error.ts";
import { SilenceError } from "./silence-error.ts";

/**
 * The classes of error codes that speak of the server, its resources or its operators, and not of a statement.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SERVER_CLASSES = new Set(["08", "28", "3D", "53", "57", "58", "F0", "XX"]);

/**
 * Single codes of other classes: a read-only server, a transaction that was idle or took too long, rights that were taken
 * away, a lock that was not had in time.
 */
const SERVER_CODES = new Set(["25006", "25P03", "25P04", "42501", "55P03"]);

/** Codes of transactions that met each other: serialization failure and deadlock. */
const COLLISION_CODES = new Set(["40001", "40P01"]);

/** What `pg` itself says of a connection that is gone, or of none to be had; it has no codes for these. */
const LOST = /connection|timeout exceeded when trying to connect|not queryable|pool/i;

/** Whether a transaction failed because of the server or the way to it: what a person has to mend there. */
export function isStorageError(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    const { code = "" } = error;
    return SERVER_CLASSES.has(code.slice(0, 2)) || SERVER_CODES.has(code);
  }
  return isNetworkError(error);
}

/** Whether a transaction only met another one. */
export function isCollision(error: unknown): boolean {
  return error instanceof DatabaseError && COLLISION_CODES.has(error.code ?? "");
}

/** Whether a statement was only refused because one before it in its transaction had failed. */
export function isAftermath(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "25P02";
}

/** Whether a connection is of no more use: it is gone, or leads to a server that may not be written. */
export function isLost(error: unknown): boolean {
  if (error instanceof DatabaseError)
    return error.code === "25006" || /^(?:08|57P|25P0[34])/.test(error.code ?? "");
  return true;
}

/** An error of Node's sockets, TLS or names has a code; one of `pg` has only its text. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof SilenceError || error instanceof AggregateError) return true;
  if ("syscall" in error || ("code" in error && !(error instanceof BridgeError))) return true;
  return error.name === "AbortedTransactionError" || LOST.test(error.message);
}

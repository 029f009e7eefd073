import { BridgeError } from "../core/error.ts";
import { printError } from "./print.ts";

/** Prints what went wrong and what to do; returns the exit code: 2 for usage and config, else 1. */
export function failure(error: unknown): 1 | 2 {
  if (!(error instanceof BridgeError)) {
    printError(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
  printError(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`);
  return USAGE_CODES.has(error.code) ? 2 : 1;
}

const USAGE_CODES = new Set(["config-invalid", "config-missing", "usage"]);

/** A mistake in how a command was called; it ends with exit code 2. */
export function usageError(message: string, hint?: string): BridgeError {
  return new BridgeError("usage", message, hint === undefined ? {} : { hint });
}

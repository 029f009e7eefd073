import { BridgeError } from "../core/error.ts";
import { printError } from "./print.ts";

/**
 * Prints what went wrong and what to do, with the stack when `BELLHOP_DEBUG` is set;
 * returns the exit code: 2 for usage and config, else 1.
 */
export function failure(error: unknown): 1 | 2 {
  printError(failureText(error));
  if (process.env["BELLHOP_DEBUG"] && error instanceof Error) printError(error.stack ?? "");
  return error instanceof BridgeError && USAGE_CODES.has(error.code) ? 2 : 1;
}

/** What went wrong and what to do, in sentences. */
export function failureText(error: unknown): string {
  if (error instanceof BridgeError)
    return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return `Something failed: ${line || "no more is known"} (set BELLHOP_DEBUG=1 to see where).`;
}

const USAGE_CODES = new Set(["config-invalid", "config-missing", "move-onto-itself", "usage"]);

/** A mistake in how a command was called; it ends with exit code 2. */
export function usageError(message: string, hint?: string): BridgeError {
  return new BridgeError("usage", message, hint === undefined ? {} : { hint });
}

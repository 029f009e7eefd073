import type { z } from "zod";
import { PayloadError } from "../core/error.ts";
import type { JsonObject } from "../core/json.ts";

/** The JSON object in a body; throws a `PayloadError` when it is not UTF-8, not JSON or not an object. */
export function readJson(body: Uint8Array): JsonObject {
  const value = parseText(body);
  if (!isJsonObject(value)) throw new PayloadError("The body is JSON, but not an object.");
  return value;
}

function parseText(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // The cause is left out, because V8's message quotes the body.
    throw new PayloadError("The body is not JSON in UTF-8.");
  }
}

/** Whether a value out of JSON is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The payload as its schema reads it.
 * Throws a `PayloadError` that names the paths that do not fit, and never what they hold.
 */
export function conform<S extends z.ZodType>(schema: S, payload: JsonObject): z.output<S> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  const paths = [...new Set(result.error.issues.map((issue) => showPath(issue.path)))];
  throw new PayloadError(`The payload does not fit its schema at ${paths.join(", ")}.`, paths);
}

function showPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  return text.join("").replace(/^\./, "");
}

import type { Json, JsonObject } from "../core/json.ts";

/** The JSON in a text; `undefined` when there is none. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object, and neither a list nor `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The elements of what should be a list; empty for anything else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The objects in what should be a list of them; empty for anything else. */
export function objectsIn(value: Json | undefined): JsonObject[] {
  return listOf(value).filter(isJsonObject);
}

/** The text that a value is, or nothing for anything else. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** A value as error texts quote it: text as it stands, anything else as JSON. */
export function quoted(value: Json | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

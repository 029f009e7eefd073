import type { Json, JsonObject } from "../core/json.ts";

/** A match in short, as YAML would have it on one line: `changes.kind: [a, b], tone: bad`. */
export function matchWords(match: JsonObject): string {
  return Object.entries(match)
    .map(([key, value]) => `${key}: ${words(value)}`)
    .join(", ");
}

function words(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((one: Json) => words(one)).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{ ${matchWords(value as JsonObject)} }`;
  return String(value);
}

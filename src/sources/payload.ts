import { z } from "zod";
import { PayloadError } from "../core/error.ts";
import type { JsonObject } from "../core/json.ts";
import { showPath, tellElement } from "./field-path.ts";

/** The JSON object in a body; throws a `PayloadError` when it is not UTF-8, not JSON or not an object. */
export function readJson(body: Uint8Array): JsonObject {
  const value = parseText(body);
  if (!isJsonObject(value)) throw new PayloadError("The body is JSON, but not an object.");
  return value;
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

function parseText(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(body));
  } catch {
    // The cause is left out, because V8's message quotes the body.
    throw new PayloadError("The body is not JSON in UTF-8.");
  }
}

/** Whether a value out of JSON is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How many paths an error keeps, and how many of them its message names. */
const [MOST_PATHS, NAMED_PATHS] = [20, 5];

/**
 * What schemas made of the payload that was read last: parsing an event and comparing it read the same one. No more are
 * kept: a map of weak keys holds its values until a full collection of garbage, and webhooks wait for that.
 */
let last: { readonly payload: JsonObject; readonly readings: Map<z.ZodType, unknown> } | undefined;

/**
 * The payload as its schema reads it, which it does once for a payload that is read several times in a row.
 * Throws a `PayloadError` that names the first paths that do not fit, and never what they hold, nor keys that the schema does not name.
 */
export function conform<S extends z.ZodType>(schema: S, payload: JsonObject): z.output<S> {
  if (last?.payload !== payload) last = { payload, readings: new Map() };
  const { readings } = last;
  if (readings.has(schema)) return readings.get(schema) as z.output<S>;
  const result = schema.safeParse(payload);
  if (result.success) {
    readings.set(schema, result.data);
    return result.data;
  }
  const all = new Set(result.error.issues.map((issue) => showPath(schema, issue.path)));
  const paths = [...all].slice(0, MOST_PATHS);
  const more = all.size > NAMED_PATHS ? ` and ${all.size - NAMED_PATHS} more` : "";
  const named = paths.slice(0, NAMED_PATHS).join(", ");
  throw new PayloadError(`The payload does not fit its schema at ${named}${more}.`, paths);
}

/**
 * A list of which only the first misfits are looked for, so that a long one full of them costs no more than a few.
 * The elements behind are not read then.
 */
export function listOf<S extends z.ZodType>(element: S) {
  const list = z.array(z.unknown()).transform((elements, context): z.output<S>[] => {
    const read: z.output<S>[] = [];
    let misfits = 0;
    for (const [index, one] of elements.entries()) {
      const result = element.safeParse(one);
      if (result.success) read.push(result.data);
      else
        for (const { path } of result.error.issues) {
          misfits++;
          context.addIssue({ code: "custom", message: "does not fit", path: [index, ...path] });
        }
      if (misfits >= MOST_PATHS) break;
    }
    return misfits > 0 ? z.NEVER : read;
  });
  tellElement(list, element);
  return list;
}

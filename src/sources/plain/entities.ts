import type { JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../payload.ts";

/** The objects in a payload, those that tell how something was before (`previousThread`) last. */
export function entitiesOf(payload: JsonObject): JsonObject[] {
  return Object.entries(payload)
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([, entity]) => entity)
    .filter(isJsonObject);
}

function rank(key: string): number {
  return key.startsWith("previous") ? 1 : 0;
}

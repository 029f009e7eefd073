import type { JsonObject } from "../../../src/core/json.ts";
import { plain } from "../../../src/sources/plain/index.ts";
import type { Source } from "../../../src/sources/source.ts";
import { samplePayload } from "../samples.ts";

/** A source of type `plain`. */
export function plainSource(settings: JsonObject = {}): Source {
  return plain.create(
    "plain",
    plain.config.parse({ type: "plain", secrets: ["secret"], ...settings }),
  );
}

/** A sample with another inner payload. */
export function withPayload(name: string, payload: JsonObject): JsonObject {
  const sample = samplePayload(`plain/${name}.json`);
  return { ...sample, payload: { ...(sample["payload"] as JsonObject), ...payload } };
}

/** A membership of a group called like its id. */
export function membership(id: string, createdBy: JsonObject | null = null): JsonObject {
  return {
    customerGroupId: id,
    customerGroup: { id, name: id, key: id, color: "#000000" },
    createdBy,
  };
}

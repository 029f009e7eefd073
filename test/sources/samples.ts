import { readFileSync, readdirSync } from "node:fs";
import type { JsonObject } from "../../src/core/json.ts";
import { readJson } from "../../src/sources/payload.ts";

const root = new URL("../../samples/", import.meta.url);

/** The names of the samples of a source type, such as `created.json`. */
export function sampleNames(type: string): string[] {
  return readdirSync(new URL(`${type}/`, root)).filter((name) => name.endsWith(".json"));
}

/** The bytes of a sample, such as `polar/created.json`. */
export function sampleBody(path: string): Buffer {
  return readFileSync(new URL(path, root));
}

/** The JSON of a sample. */
export function samplePayload(path: string): JsonObject {
  return readJson(sampleBody(path));
}

/** A payload as a vendor would send it. */
export function bodyOf(payload: unknown): Buffer {
  return Buffer.from(JSON.stringify(payload));
}

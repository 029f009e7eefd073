import type { JsonObject } from "../core/json.ts";
import { SOURCE_TYPES } from "../sources/index.ts";
import type { Source, SourceType } from "../sources/source.ts";

/** The configured sources that a payload looks like one of, in the order of the config. */
export function sourcesLike(payload: JsonObject, sources: readonly Source[]): Source[] {
  const types: readonly SourceType[] = Object.values(SOURCE_TYPES);
  return sources.filter((source) =>
    types.some((one) => one.type === source.type && one.recognizes(payload)),
  );
}

import { plain } from "./plain/index.ts";
import { polar } from "./polar/index.ts";
import type { SourceType } from "./source.ts";

/** The types of source, by the value of `type` in the config. */
export const SOURCE_TYPES = { polar, plain } as const satisfies Record<string, SourceType>;

import { join, resolve } from "node:path";
import { interpolate, type Surroundings } from "./yaml/interpolate.ts";

/** What a config is made from beyond its own text: absolute paths, also of what is not there by now. */
export interface Origins {
  readonly files: readonly string[];
  /** Folders of which each template counts. */
  readonly folders: readonly string[];
}

/** What the config in a file is made from; `text` is empty where it cannot be read. */
export function originsOf(file: string, folder: string, text: string): Origins {
  const templates = resolve(folder, "templates");
  return {
    files: [
      resolve(file),
      resolve(folder, ".env"),
      ...referencesIn(text).flatMap((reference) => {
        const [, path = ""] = /^\$\{file:(.+)\}$/s.exec(reference) ?? [];
        return path.trim() === "" ? [] : [resolve(folder, path)];
      }),
    ],
    folders: [templates, join(templates, "partials")],
  };
}

/** What all references in a config's text stand for, whether it uses them or not; secret. */
export function valuesOf(text: string, surroundings: Surroundings): readonly string[] {
  return referencesIn(text).map((reference) => interpolate(reference, surroundings).text);
}

/** Each `${…}` once; what stands in comments does no harm. */
function referencesIn(text: string): string[] {
  return [...new Set(text.match(/\$\{(?:(?!\$\{)[^}])*\}/g))];
}

import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject } from "../json.ts";

/** The bounds of a text's length or a list's, both inclusive. */
export interface Bounds {
  readonly min?: number;
  readonly max: number;
}

/** Collects what is wrong with a JSON structure, in Slack's words, each with its JSON pointer. */
export class Shape {
  readonly problems: string[] = [];

  fail(pointer: string, problem: string): void {
    this.problems.push(`${problem} [json-pointer:${pointer}]`);
  }

  /** Whether the value is an object with all required keys; keys that are not allowed are noted. */
  object(
    pointer: string,
    value: Json | undefined,
    keys: { readonly required: readonly string[]; readonly optional: readonly string[] },
  ): value is JsonObject {
    if (!isJsonObject(value)) {
      this.fail(pointer, "must provide an object");
      return false;
    }
    const missing = keys.required.filter((key) => value[key] === undefined || value[key] === null);
    for (const key of missing) this.fail(pointer, `missing required field: ${key}`);
    for (const key of Object.keys(value)) {
      if (!keys.required.includes(key) && !keys.optional.includes(key))
        this.fail(pointer, `invalid additional property: ${key}`);
    }
    return missing.length === 0;
  }

  /** Checks a text that may be absent. */
  string(pointer: string, value: Json | undefined, { min = 0, max }: Bounds): void {
    if (value === undefined) return;
    if (typeof value !== "string") this.fail(pointer, "must provide a string");
    else if (value.length < min) this.fail(pointer, `must be more than ${min - 1} characters`);
    else if (value.length > max) this.fail(pointer, `must be less than ${max + 1} characters`);
  }

  /** The elements of a list; empty when it is none or its length is out of bounds. */
  list(pointer: string, value: Json | undefined, { min = 0, max }: Bounds): readonly Json[] {
    if (!Array.isArray(value)) {
      this.fail(pointer, "must provide an array");
      return [];
    }
    if (value.length < min) this.fail(pointer, `no less than ${min} items allowed`);
    if (value.length > max) this.fail(pointer, `no more than ${max} items allowed`);
    return value.length < min || value.length > max ? [] : value;
  }

  /** Checks that each of these keys holds another text in every object, where it holds one. */
  unique(pointer: string, objects: readonly Json[], key: string): void {
    const seen = new Set<Json>();
    for (const [index, object] of objects.entries()) {
      const value = isJsonObject(object) ? object[key] : undefined;
      if (value === undefined) continue;
      if (seen.has(value)) this.fail(`${pointer}/${index}/${key}`, `${key} must be unique`);
      seen.add(value);
    }
  }
}

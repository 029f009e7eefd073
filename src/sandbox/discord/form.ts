import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject, quoted } from "../json.ts";
import type { DiscordProblem } from "./problem.ts";

/** Where in a body: keys and indexes. */
export type Path = readonly (string | number)[];

/** The bounds of a text's length or a list's, both inclusive. */
export interface Bounds {
  readonly min?: number;
  readonly max: number;
}

interface FormError {
  readonly path: Path;
  readonly code: string;
  readonly message: string;
}

/**
 * Collects what is wrong with a body and makes Discord's tree of errors of it.
 * https://docs.discord.com/developers/reference#error-messages
 */
export class Form {
  readonly #errors: FormError[] = [];

  fail(path: Path, code: string, message: string): void {
    this.#errors.push({ path, code, message });
  }

  /** The text, trimmed as Discord does; empty when there is none. */
  string(path: Path, value: Json | undefined, bounds: Bounds): string {
    if (value === undefined || value === null) return "";
    if (typeof value !== "string" && typeof value !== "number") {
      const message = `Could not interpret "${JSON.stringify(value)}" as string.`;
      this.fail(path, "STRING_TYPE_CONVERT", message);
      return "";
    }
    const text = quoted(value).trim();
    this.length(path, text.length, bounds);
    return text;
  }

  /** The objects of a list that may be absent, with their index. */
  objects(path: Path, value: Json | undefined, bounds: Bounds): [number, JsonObject][] {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.fail(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
      return [];
    }
    this.length(path, value.length, bounds);
    const entries = [...(value as readonly Json[]).entries()];
    for (const [index, one] of entries) if (!isJsonObject(one)) this.#notObject([...path, index]);
    return entries.filter((entry): entry is [number, JsonObject] => isJsonObject(entry[1]));
  }

  /** The object that may be absent. */
  object(path: Path, value: Json | undefined): JsonObject | undefined {
    if (value === undefined || value === null) return undefined;
    if (isJsonObject(value)) return value;
    this.#notObject(path);
    return undefined;
  }

  integer(path: Path, value: Json | undefined, bounds: Required<Bounds>): void {
    if (value === undefined || value === null) return;
    if (!Number.isInteger(Number(value)) || value === "")
      return this.fail(path, "NUMBER_TYPE_COERCE", `Value "${quoted(value)}" is not int.`);
    const { min, max } = bounds;
    if (Number(value) > max)
      this.fail(path, "NUMBER_TYPE_MAX", `int value should be less than or equal to ${max}.`);
    if (Number(value) < min)
      this.fail(path, "NUMBER_TYPE_MIN", `int value should be greater than or equal to ${min}.`);
  }

  url(path: Path, value: Json | undefined, schemes: readonly string[], max: number): void {
    const text = this.string(path, value, { max });
    if (text === "") return;
    const url = URL.parse(text);
    if (url === null) return this.fail(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.");
    const scheme = url.protocol.slice(0, -1);
    if (schemes.includes(scheme)) return;
    const known = schemes.map((one) => `'${one}'`).join(", ");
    this.fail(path, "URL_TYPE_INVALID_SCHEME", `Scheme "${scheme}" must be one of (${known}).`);
  }

  required(path: Path): void {
    this.fail(path, "BASE_TYPE_REQUIRED", "This field is required");
  }

  length(path: Path, length: number, { min = 0, max }: Bounds): void {
    if (length >= min && length <= max) return;
    if (min === 0) this.fail(path, "BASE_TYPE_MAX_LENGTH", `Must be ${max} or fewer in length.`);
    else this.fail(path, "BASE_TYPE_BAD_LENGTH", `Must be between ${min} and ${max} in length.`);
  }

  /** `undefined` when nothing was wrong. */
  problem(): DiscordProblem | undefined {
    if (this.#errors.length === 0) return undefined;
    const details = this.#errors.map(
      ({ path, code, message }) => `${pathText(path)}[${code}]: ${message}`,
    );
    const errors = tree(this.#errors, 0);
    return { status: 400, code: 50035, message: "Invalid Form Body", errors, details };
  }

  #notObject(path: Path): void {
    this.fail(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
  }
}

function tree(errors: readonly FormError[], depth: number): JsonObject {
  const here = errors.filter(({ path }) => path.length === depth);
  const below = Map.groupBy(
    errors.filter(({ path }) => path.length > depth),
    ({ path }) => String(path[depth]),
  );
  const own = here.map(({ code, message }) => ({ code, message }));
  return {
    ...(own.length === 0 ? {} : { _errors: own }),
    ...Object.fromEntries([...below].map(([key, inner]) => [key, tree(inner, depth + 1)])),
  };
}

function pathText(path: Path): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}

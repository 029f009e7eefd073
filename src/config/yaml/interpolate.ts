import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { didYouMean } from "../../core/suggest.ts";
import { hideForms, isLikeName } from "./secret-form.ts";

/** Where `${…}` finds its values. */
export interface Surroundings {
  /** Variables of the environment, the `.env` file's among them. */
  readonly variables: { readonly [name: string]: string | undefined };
  /** The folder that `${file:…}` is relative to. */
  readonly folder: string;
  /** Whether some variables could not be read, so that one may be missing for that reason. */
  readonly isPartial?: boolean;
}

/** A text with every `${…}` in its place. */
export interface Interpolated {
  readonly text: string;
  /** What took the place of each reference; values are secret. */
  readonly expansions: readonly Expansion[];
  /** References that lead nowhere; they are left out of the text. */
  readonly missing: readonly Missing[];
}

/** One reference and the value that took its place. */
export interface Expansion {
  /** As written: `${NAME}`. */
  readonly reference: string;
  readonly value: string;
  /** Whether the value is the default written in the config, and so no secret. */
  readonly isDefault: boolean;
}

/** A reference that leads nowhere. */
interface Missing {
  readonly reference: string;
  /** Which of the `${` in the text it is, from 0, escaped ones included. */
  readonly ordinal: number;
  /** Empty when the reason is told elsewhere. */
  readonly message: string;
}

/**
 * Puts the environment's values into a text: `${NAME}`, `${NAME:-default}` (also for an empty one) and
 * `${file:/path}` with its trailing newlines trimmed; `$${` stands for `${`.
 */
export function interpolate(text: string, surroundings: Surroundings): Interpolated {
  const expansions: Expansion[] = [];
  const missing: Missing[] = [];
  let ordinal = -1;
  const replaced = text.replace(/(\$?)\$\{([^}]*)(\}?)/g, (reference, escape, inner, close) => {
    ordinal += 1;
    if (escape !== "") return reference.slice(1);
    const nested = String(inner).lastIndexOf("${");
    if (nested !== -1) {
      ordinal += String(inner).split("${").length - 1;
      missing.push({ reference: `${inner.slice(nested)}${close}`, ordinal, message: NESTED });
      return "";
    }
    const found = close === "" ? UNCLOSED : lookUp(inner, surroundings);
    if (typeof found === "string") {
      missing.push({ reference, ordinal, message: found });
      return "";
    }
    expansions.push({ reference, ...found });
    return found.value;
  });
  return { text: replaced, expansions, missing };
}

const NESTED = "A `${…}` cannot stand inside another. Write the default itself, without braces.";

const UNCLOSED = "This `${` has no closing brace. Write `$${` for the two characters themselves.";

function lookUp(inner: string, surroundings: Surroundings): Omit<Expansion, "reference"> | string {
  if (inner.startsWith("file:")) return readSecret(inner.slice("file:".length), surroundings);
  const parsed = /^(?<name>[A-Za-z_]\w*)(?<otherwise>:-(?<text>.*))?$/s.exec(inner)?.groups;
  if (parsed?.["name"] === undefined) return malformed(inner);
  const name = parsed["name"];
  if (hideForms(name) !== name) return malformed(name);
  const value = Object.hasOwn(surroundings.variables, name)
    ? surroundings.variables[name]
    : undefined;
  if (parsed["otherwise"] !== undefined && (value === undefined || value === ""))
    return { value: parsed["text"] ?? "", isDefault: true };
  if (value !== undefined) return { value, isDefault: false };
  if (surroundings.isPartial) return "";
  const meant = didYouMean(name, Object.keys(surroundings.variables));
  const otherwise = meant === "" ? " Set it" : `${meant} Otherwise set it`;
  return `The environment variable "${name}" is not set.${otherwise}, or write it into the .env file beside this file.`;
}

function readSecret(
  path: string,
  surroundings: Surroundings,
): Omit<Expansion, "reference"> | string {
  if (path.trim() === "") return malformed(`file:${path}`);
  try {
    const text = readFileSync(resolve(surroundings.folder, path), "utf8");
    return { value: text.replace(/[\r\n]+$/, ""), isDefault: false };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT") return `There is no file "${path}" to read this value from.`;
    return `The file "${path}" cannot be read (${String(code)}).`;
  }
}

function malformed(inner: string): string {
  const what =
    isLikeName(inner) || /^(?:file:)?\s*$/.test(inner)
      ? `"${inner}"`
      : "What stands in these braces";
  return `${what} is not the name of an environment variable. Write \`\${NAME}\`, \`\${NAME:-default}\` or \`\${file:/path}\`, or \`$\${\` for the characters themselves.`;
}

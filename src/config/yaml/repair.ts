import type { z } from "zod";
import { suggest } from "../../core/suggest.ts";
import { type Path, valueAt } from "./path.ts";
import { keysAt } from "./schema-at.ts";
import type { YamlValues } from "./values.ts";

type Issue = z.core.$ZodIssue;

/** A value held against a schema, as far as it could be read past its mistakes. */
export interface Reading {
  /** The value with keys renamed and dropped so that what is around a mistake is checked too. */
  readonly value: unknown;
  /** What the schema made of the value; `undefined` where there are issues. */
  readonly output: unknown;
  /** Every issue, its path and value as they were when it was found. */
  readonly issues: readonly FoundIssue[];
  /** A path of the repaired value as the file has it. */
  original(path: Path): Path;
}

/** An issue with the value that it was found in. */
export interface FoundIssue {
  readonly issue: Issue;
  readonly value: unknown;
}

/** Marks an issue that the schema's author gave no words of their own. */
export const UNWORDED = "\u0000";

/**
 * Holds a value against a schema until nothing more is found: what a misspelled key was meant to be is checked under
 * the right name, so that one typo is one issue, and hides no other.
 */
export function readWith(schema: z.ZodType, given: unknown, values: YamlValues): Reading {
  const renames = new Map<string, string>();
  const found: FoundIssue[] = [];
  let value = structuredClone(given);
  for (;;) {
    const result = schema.safeParse(value, { error: () => UNWORDED });
    const issues = result.success ? [] : result.error.issues.flatMap(issuesMeant);
    const repaired: unknown = structuredClone(value);
    const mended = issues.map((issue) => mend(issue, { schema, repaired, values, renames }));
    if (mended.every((told) => told === null)) {
      const rest = issues.filter((issue) => !isConsequence(issue, found));
      found.push(...rest.map((issue) => ({ issue, value })));
      const output = found.length === 0 ? result.data : undefined;
      return { value, output, issues: found, original: (path) => translate(path, renames) };
    }
    for (const issue of mended)
      if (issue !== null && issue !== "silent") found.push({ issue, value });
    value = repaired;
  }
}

/** The issues inside the one branch of a union that the value plainly means; else the issue itself. */
function issuesMeant(issue: Issue): Issue[] {
  if (issue.code !== "invalid_union" || issue.discriminator !== undefined) return [issue];
  const branch = issue.errors.find((issues) =>
    issues.every((one) => one.path.length > 0 || !IS_OTHER_TYPE.has(one.code)),
  );
  if (branch === undefined) return [issue];
  return branch.flatMap((one) => issuesMeant({ ...one, path: [...issue.path, ...one.path] }));
}

const IS_OTHER_TYPE: ReadonlySet<string> = new Set(["invalid_type", "invalid_value"]);

/** What is wrong with a mapping as a whole may come of the key that was dropped from it. */
function isConsequence(issue: Issue, found: readonly FoundIssue[]): boolean {
  const path = JSON.stringify(issue.path);
  return (
    issue.code === "custom" &&
    found.some(
      (one) => one.issue.code === "unrecognized_keys" && JSON.stringify(one.issue.path) === path,
    )
  );
}

interface Mending {
  readonly schema: z.ZodType;
  readonly repaired: unknown;
  readonly values: YamlValues;
  /** From the repaired path of a renamed key, as JSON, to the key in the file. */
  readonly renames: Map<string, string>;
}

/** Mends what an issue is about; gives the issue to be told, `silent` where none is, `null` where nothing was mended. */
function mend(issue: Issue, mending: Mending): Issue | "silent" | null {
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) renameOrDrop(path, key, mending);
    return issue;
  }
  if (issue.code === "invalid_key") {
    rename(path, mending);
    return issue;
  }
  if (issue.code === "invalid_union" && issue.discriminator !== undefined)
    return mendType(issue, path, mending);
  if (issue.code === "invalid_type" && mendScalar(issue.expected, path, mending)) return "silent";
  return null;
}

function renameOrDrop(path: Path, key: string, { schema, repaired, renames }: Mending): void {
  const parent = valueAt(repaired, path) as Record<string, unknown>;
  const free = keysAt(schema, repaired, path).filter((known) => !Object.hasOwn(parent, known));
  const meant = suggest(key, free);
  if (meant !== undefined) {
    parent[meant] = parent[key];
    renames.set(JSON.stringify([...path, meant]), key);
  }
  delete parent[key];
}

/** A badly formed name gives way to a good one, so that what it names is checked too. */
function rename(path: Path, { repaired, renames }: Mending): void {
  const name = String(path.at(-1));
  const parent = valueAt(repaired, path.slice(0, -1)) as Record<string, unknown>;
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ["name"];
  let good = words.join("-");
  while (Object.hasOwn(parent, good)) good += "-x";
  parent[good] = parent[name];
  delete parent[name];
  renames.set(JSON.stringify([...path.slice(0, -1), good]), name);
}

/** A misspelled type, or a misspelled key `type`, is read as what it was meant to be. */
function mendType(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  { schema, repaired, renames }: Mending,
): Issue | null {
  const key = issue.discriminator ?? "type";
  const parentPath = path.at(-1) === key ? path.slice(0, -1) : path;
  const parent = valueAt(repaired, parentPath) as Record<string, unknown>;
  if (Object.hasOwn(parent, key)) {
    const meant = suggest(String(parent[key]), optionsOf(issue));
    if (meant === undefined) return null;
    parent[key] = meant;
    return issue;
  }
  const known = new Set(keysAt(schema, repaired, parentPath));
  const typo = suggest(
    key,
    Object.keys(parent).filter((candidate) => !known.has(candidate)),
  );
  if (typo === undefined) return null;
  parent[key] = parent[typo];
  delete parent[typo];
  renames.set(JSON.stringify([...parentPath, key]), typo);
  return { code: "unrecognized_keys", keys: [typo], path: [...parentPath], message: UNWORDED };
}

/** The types that a union told apart by its type knows. */
export function optionsOf(issue: z.core.$ZodIssueInvalidUnion): string[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

/** What `${PORT}` without quotes stands for is a number or a boolean where the schema asks for one. */
function mendScalar(expected: string, path: Path, { repaired, values, renames }: Mending): boolean {
  const note = values.scalarAt(translate(path, renames));
  const text = valueAt(repaired, path);
  if (note?.interpolated == null || !note.isPlain || typeof text !== "string") return false;
  const typed = typedScalar(text, expected);
  const parent = valueAt(repaired, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1);
  if (typed === undefined || key === undefined) return false;
  parent[key] = typed;
  return true;
}

/** The number or boolean that a text is written as; `undefined` when it is not what is expected. */
export function typedScalar(text: string, expected: string): number | boolean | undefined {
  if (expected === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (expected !== "number" && expected !== "int") return undefined;
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
}

function translate(path: Path, renames: ReadonlyMap<string, string>): Path {
  return path.map((step, index) => renames.get(JSON.stringify(path.slice(0, index + 1))) ?? step);
}

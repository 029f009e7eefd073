import { isMapping } from "./part-of.ts";

/** A value as YAML in one line, as people would write it. */
export function inline(value: unknown): string {
  if (typeof value === "string") return isPlain(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (!isMapping(value)) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).map(([key, one]) => `${inline(key)}: ${inline(one)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** A mapping or list as YAML in lines, with nothing before the first column. */
export function lines(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((one: unknown) =>
      isNested(one) ? hang("- ", lines(one)) : [`- ${inline(one)}`],
    );
  if (!isMapping(value) || !isNested(value)) return [inline(value)];
  return Object.entries(value).flatMap(([key, one]) => entry(key, one));
}

/** A key and its value in lines. */
export function entry(key: string, value: unknown): string[] {
  const name = inline(key);
  if (isMapping(value) && isNested(value)) return [`${name}:`, ...indent(lines(value))];
  if (typeof value === "string" && isLiteral(value))
    return [`${name}: |-`, ...indent(value.split("\n"))];
  return [`${name}: ${inline(value)}`];
}

function isNested(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length > 0;
}

/** The lines as one text, all but the first below a column; empty ones stay empty. */
export function below(column: number, all: readonly string[]): string {
  const margin = " ".repeat(column);
  return all.map((line, index) => (index === 0 || line === "" ? line : margin + line)).join("\n");
}

/** A text in several lines that can stand as it is below a `|-`. */
function isLiteral(text: string): boolean {
  return (
    /^\S.*\n/.test(text) && /\S$/.test(text) && !/[^\n\P{C}]|[ \t]\n|\u2028|\u2029/u.test(text)
  );
}

/** Whether a text means itself without quotes, inside brackets too. */
function isPlain(text: string): boolean {
  return /^\p{L}(?:[\p{L}\p{N} _./-]*[\p{L}\p{N}_./-])?$/u.test(text) && !RESERVED.test(text);
}

const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

function hang(mark: string, [first = "", ...rest]: readonly string[]): string[] {
  return [mark + first, ...indent(rest)];
}

function indent(all: readonly string[]): string[] {
  return all.map((line) => (line === "" ? "" : `  ${line}`));
}

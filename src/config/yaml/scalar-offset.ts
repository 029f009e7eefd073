import type { Scalar } from "yaml";

/**
 * The offset in a YAML text of a position in a scalar's value: past quotes, escapes, folded lines and indentation.
 * The value and its source are walked side by side, since the parser does not keep the way back.
 */
export function sourceOffset(text: string, scalar: Scalar, index: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const value = typeof scalar.value === "string" ? scalar.value : "";
  let at = start + prefixLength(text, scalar, start);
  for (const char of value.slice(0, index))
    at = isBlank(char) ? pastBlank(text, at, scalar) : pastChar(text, at, scalar, char);
  if (index < value.length && !isBlank(value[index])) at = pastFold(text, at, scalar);
  return Math.min(at, end);
}

/** The offset in a YAML text of the n-th `${` in a scalar, from 0. */
export function offsetOfReference(text: string, scalar: Scalar, ordinal: number): number {
  const [start, end] = scalar.range ?? [0, 0];
  const found = [...text.slice(start, end).matchAll(/\$\{/g)][ordinal];
  return found === undefined ? start : start + found.index;
}

function prefixLength(text: string, scalar: Scalar, start: number): number {
  if (isQuoted(scalar)) return 1;
  if (scalar.type === "PLAIN") return 0;
  return /^[|>][^\n]*\n/.exec(text.slice(start))?.[0].length ?? 0;
}

/** A blank of the value stands for any run of blanks in the source, so it takes none, but for an escaped one. */
function pastBlank(text: string, from: number, scalar: Scalar): number {
  const at = pastFold(text, from, scalar);
  return scalar.type === "QUOTE_DOUBLE" && /^\\[nrt ]/.test(text.slice(at, at + 2)) ? at + 2 : from;
}

function pastChar(text: string, from: number, scalar: Scalar, char: string): number {
  const at = pastFold(text, from, scalar);
  if (scalar.type === "QUOTE_DOUBLE" && text[at] === "\\") return at + escapeLength(text, at);
  if (scalar.type === "QUOTE_SINGLE" && char === "'") return at + 2;
  return at + char.length;
}

function pastFold(text: string, from: number, scalar: Scalar): number {
  let at = from;
  for (;;) {
    if (isBlank(text[at])) at += 1;
    else if (scalar.type === "QUOTE_DOUBLE" && /^\\\r?\n/.test(text.slice(at, at + 3))) at += 1;
    else return at;
  }
}

function escapeLength(text: string, at: number): number {
  const digits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
  return 2 + (digits[text[at + 1] ?? ""] ?? 0);
}

function isQuoted(scalar: Scalar): boolean {
  return scalar.type === "QUOTE_DOUBLE" || scalar.type === "QUOTE_SINGLE";
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "\r";
}

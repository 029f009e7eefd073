import { diffLines, diffWordsWithSpace } from "diff";
import { inline, lines } from "../trials/yaml-text.ts";
import { safe, styled } from "./print.ts";

/** The longest value that is shown in one line, in characters; ours. */
const ONE_LINE = 72;

/** What was expected and what came as lines: `-` before what is missing, `+` before what was not expected. */
export function difference(expected: unknown, actual: unknown): string[] {
  const isShort = [expected, actual].every(isOneLine);
  const texts = [expected, actual].map((value) => textOf(value, isShort)) as [string, string];
  if (isShort) return changed(...texts);
  const parts = diffLines(texts[0], texts[1]);
  return parts.flatMap(({ value, added, removed }, index) => {
    const rows = value.replace(/\n$/, "").split("\n");
    const before = parts[index - 1];
    const after = parts[index + 1];
    if (isPair(before, parts[index])) return [];
    if (isPair(parts[index], after)) return changed(rows[0] ?? "", after?.value.trimEnd() ?? "");
    if (added) return rows.map((row) => mark("+", row));
    return rows.map((row) => (removed ? mark("-", row) : `  ${safe(row)}`));
  });
}

/** A value that came where none was expected, as lines. */
export function came(actual: unknown): string[] {
  return textOf(actual, isOneLine(actual))
    .trimEnd()
    .split("\n")
    .map((row) => mark("+", row));
}

interface Part {
  readonly value: string;
  readonly added: boolean;
  readonly removed: boolean;
  readonly count: number;
}

/** Whether one line took the place of another. */
function isPair(one: Part | undefined, next: Part | undefined): boolean {
  return one?.removed === true && next?.added === true && one.count === 1 && next.count === 1;
}

/** One line and what came in its place, the words that differ marked where colors are. */
function changed(expected: string, actual: string): string[] {
  const words = diffWordsWithSpace(expected.trimEnd(), actual.trimEnd());
  const side = (sign: "-" | "+") => {
    const isLeftOut = (part: Part) => (sign === "-" ? part.added : part.removed);
    const shown = words
      .filter((part) => !isLeftOut(part))
      .map((part) => {
        const text = safe(part.value);
        return part.added || part.removed ? styled("inverse", text) : text;
      });
    return styled(COLORS[sign], `${sign} ${shown.join("")}`);
  };
  return [side("-"), side("+")];
}

const COLORS = { "-": "red", "+": "green" } as const;

function mark(sign: "-" | "+", row: string): string {
  return styled(COLORS[sign], `${sign} ${safe(row)}`);
}

function isOneLine(value: unknown): boolean {
  const text = typeof value === "string" ? value : inline(value);
  return !text.includes("\n") && text.length <= ONE_LINE;
}

/** A text as it stands, anything else as YAML; with a line break at its end. */
function textOf(value: unknown, isShort: boolean): string {
  if (typeof value === "string") return `${value === "" ? '""' : value}\n`;
  return `${isShort ? inline(value) : lines(value).join("\n")}\n`;
}

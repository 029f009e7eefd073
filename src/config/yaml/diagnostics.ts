import stringWidth from "string-width";
import type { Problem } from "../../core/problem.ts";

/** The widest part of a line that a frame shows, in columns; ours. */
const MAX_FRAME = 100;

/**
 * The problems of a config and its templates as people read them, the first line telling how many; empty when there
 * are none. `color` is for a terminal.
 */
export function renderProblems(
  problems: readonly Problem[],
  { color = false }: { readonly color?: boolean } = {},
): string {
  if (problems.length === 0) return "";
  const entries = problems.map((problem) => renderProblem(problem, color));
  return [`${heading(problems)}\n`, ...entries].join("\n").trimEnd();
}

/** `config.yaml has 2 problems and 1 warning.` */
function heading(problems: readonly Problem[]): string {
  const files = [...new Set(problems.map((problem) => visible(problem.file)))];
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const warnings = problems.length - errors;
  const counts = [count(errors, "problem"), count(warnings, "warning")].filter(Boolean);
  const names = [files.slice(0, -1).join(", "), ...files.slice(-1)].filter(Boolean).join(" and ");
  return `${names} ${files.length === 1 ? "has" : "have"} ${counts.join(" and ")}.`;
}

function count(number: number, noun: string): string {
  return number === 0 ? "" : `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function renderProblem(problem: Problem, color: boolean): string {
  const paint = painter(color, problem.severity);
  const place = paint.place(`${visible(problem.file)}:${problem.line}:${problem.column}`);
  const path = problem.path === "" ? "" : `  ${visible(problem.path)}`;
  const mark = problem.severity === "warning" ? paint.mark("  (warning)") : "";
  const message = problem.message.split("\n").map((line) => `  ${visible(line)}`);
  const frame = problem.excerpt === undefined ? [] : renderFrame(problem, problem.excerpt, paint);
  return [`${place}${path}${mark}`, ...frame, ...message, ""].join("\n");
}

function renderFrame(problem: Problem, line: string, paint: Painter): string[] {
  const from = problem.column - 1;
  const to = Math.min(line.length, from + problem.length);
  const { before, marked, after } = cut({
    before: visible(line.slice(0, from)),
    marked: visible(line.slice(from, to)),
    after: visible(line.slice(to)),
  });
  const gutter = String(problem.line).padStart(5);
  const caret = " ".repeat(stringWidth(before)) + "^".repeat(Math.max(1, stringWidth(marked)));
  return [
    `${paint.gutter(`${gutter} │`)} ${before}${marked}${after}`.trimEnd(),
    `${paint.gutter("      │")} ${paint.mark(caret)}`,
  ];
}

interface Frame {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

/** A frame narrow enough to read: what is far from the marked part gives way to an ellipsis. */
function cut({ before, marked, after }: Frame): Frame {
  const shown = keepStart(marked, MAX_FRAME - 20);
  const isCut = shown !== marked;
  const space = MAX_FRAME - stringWidth(shown);
  const tail = isCut ? "" : keepStart(after, Math.max(20, space - stringWidth(before)));
  const head = keepEnd(before, Math.max(20, space - stringWidth(tail)));
  return { before: head, marked: shown, after: tail };
}

function keepStart(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let kept = "";
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(kept + segment) > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

function keepEnd(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  const segments = [...graphemes.segment(text.slice(-4 * columns))].map(({ segment }) => segment);
  let kept = "";
  for (const segment of segments.toReversed()) {
    if (stringWidth(segment + kept) > columns - 1) break;
    kept = segment + kept;
  }
  return `…${kept}`;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The text with what a terminal would obey, hide or reorder turned into something one can see. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (char === "\t") return "→";
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
  });
}

interface Painter {
  place(text: string): string;
  gutter(text: string): string;
  mark(text: string): string;
}

function painter(color: boolean, severity: Problem["severity"]): Painter {
  const paint = (code: number) => (text: string) =>
    color && text !== "" ? `\u001B[${code}m${text}\u001B[0m` : text;
  return { place: paint(1), gutter: paint(2), mark: paint(severity === "error" ? 31 : 33) };
}

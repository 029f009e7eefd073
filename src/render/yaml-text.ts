import type { Scalar } from "yaml";

/**
 * Where each code unit of a YAML scalar's value stands in the source, and the end of it behind the last.
 * Source and value are walked together: escapes stand for one character, and white space that YAML folds or
 * strips has no counterpart in the value.
 */
export function scalarOffsets(source: string, scalar: Scalar<string>): number[] {
  const { value, type } = scalar;
  const [start = 0, end = start] = scalar.range ?? [];
  const isQuoted = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE";
  let at =
    type?.startsWith("BLOCK") === true ? source.indexOf("\n", start) + 1 : start + Number(isQuoted);
  const offsets: number[] = [];
  while (offsets.length < value.length && at < end) {
    const { width, units } = step(source, at, value, offsets.length, type);
    for (let unit = 0; unit < units; unit++) offsets.push(at);
    at += width;
  }
  while (offsets.length <= value.length) offsets.push(at);
  return offsets.slice(0, value.length + 1);
}

/** How many code units of source the next step takes, and for how many of the value. */
interface Step {
  readonly width: number;
  readonly units: number;
}

function step(
  source: string,
  at: number,
  value: string,
  index: number,
  type: Scalar["type"],
): Step {
  if (type === "BLOCK_LITERAL" || type === "BLOCK_FOLDED")
    return blockStep(source[at], value[index]);
  if (type === "QUOTE_DOUBLE" && source[at] === "\\") return escape(source, at);
  if (type === "QUOTE_SINGLE" && source.startsWith("''", at)) return { width: 2, units: 1 };
  return fold(source, at) ?? { width: 1, units: 1 };
}

/** Indentation has no counterpart, and a line's end may be folded to a space. */
function blockStep(from: string | undefined, to: string | undefined): Step {
  const isSame = from === to || (from === "\n" && to === " ");
  return { width: 1, units: Number(isSame) };
}

/** A line's end with the white space around it is a space; more of them are one line's end less. */
function fold(source: string, at: number): Step | undefined {
  const gap = matchAt(/[ \t]*\n\s*/y, source, at);
  if (gap === "") return undefined;
  return { width: gap.length, units: Math.max(1, gap.split("\n").length - 2) };
}

/** https://yaml.org/spec/1.2.2/#57-escaped-characters */
function escape(source: string, at: number): Step {
  const code = source[at + 1] ?? "";
  if (code === "\n") {
    const gap = matchAt(/\s*/y, source, at + 2);
    return { width: 2 + gap.length, units: gap.split("\n").length - 1 };
  }
  const digits = { x: 2, u: 4, U: 8 }[code] ?? 0;
  const width = 2 + digits;
  const isAstral = code === "U" && Number.parseInt(source.slice(at + 2, at + width), 16) > 0xff_ff;
  return { width, units: isAstral ? 2 : 1 };
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

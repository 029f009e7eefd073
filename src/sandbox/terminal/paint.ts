import type { Look, Span } from "./span.ts";

const ESC = "\u001b";
const LINK_COLOR = 0x58a6ff;

/** A row as text for the terminal: with its looks as ANSI sequences, or without any. */
export function paint(row: readonly Span[], isColored: boolean): string {
  if (!isColored) return row.map((span) => span.text).join("");
  return row.map(({ text, look }) => linked(styled(text, look), look.href)).join("");
}

function styled(text: string, look: Look): string {
  const color = look.color ?? (look.href === undefined ? undefined : LINK_COLOR);
  const codes = [
    ...(look.bold ? ["1"] : []),
    ...(look.dim ? ["2"] : []),
    ...(look.italic ? ["3"] : []),
    ...(look.underline ? ["4"] : []),
    ...(look.inverse ? ["7"] : []),
    ...(look.strike ? ["9"] : []),
    ...(color === undefined ? [] : [`38;2;${color >> 16};${(color >> 8) & 255};${color & 255}`]),
  ];
  return codes.length === 0 ? text : `${ESC}[${codes.join(";")}m${text}${ESC}[0m`;
}

/** Terminals that know no hyperlinks ignore the sequence. https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
function linked(text: string, href: string | undefined): string {
  if (href === undefined || !/^(https?|mailto):[\u0021-\u007e]+$/.test(href)) return text;
  return `${ESC}]8;;${href}${ESC}\\${text}${ESC}]8;;${ESC}\\`;
}

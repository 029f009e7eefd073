import { styleText } from "node:util";
import stringWidth from "string-width";

/** Prints a line, or several, to standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a line, or several, to standard error. */
export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints a value as JSON that people can read and programs can parse. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

type Style = Parameters<typeof styleText>[0];

/** The text in a color or weight, where standard output takes them; `NO_COLOR` and `FORCE_COLOR` are respected. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout, validateStream: true });
}

/** Whether standard output takes colors. */
export function hasColor(): boolean {
  return styled("bold", "x") !== "x";
}

/** How many columns standard output has; when it is no terminal, what `COLUMNS` says, else 120. */
export function columns(): number {
  return process.stdout.columns ?? (Number(process.env["COLUMNS"]) || 120);
}

/** Rows as lines with aligned columns, two spaces between them; the last column is never padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell));
    });
  return rows.map((row) =>
    row
      .map((cell, index) =>
        index === row.length - 1
          ? cell
          : cell + " ".repeat((widths[index] ?? 0) - stringWidth(cell)),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** Text from outside, made safe for a terminal: control characters become visible. */
export function safe(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) =>
    character === "\n" || character === "\t" ? " " : "\uFFFD",
  );
}

import stringWidth from "string-width";
import { SIDE_BY_SIDE } from "./card.ts";

const GAP = "  ";

/** Two cards next to each other where `width` columns are enough for both, else one below the other. */
export function sideBySide(
  left: readonly string[],
  right: readonly string[],
  width: number,
): string {
  const leftWidth = Math.max(0, ...left.map((row) => stringWidth(row)));
  const rightWidth = Math.max(0, ...right.map((row) => stringWidth(row)));
  const isWide = width >= SIDE_BY_SIDE && leftWidth + GAP.length + rightWidth <= width;
  if (!isWide || left.length === 0 || right.length === 0) return [...left, ...right].join("\n");
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, at) => {
    const row = left[at] ?? "";
    const filling = " ".repeat(leftWidth - stringWidth(row));
    return (row + filling + GAP + (right[at] ?? "")).trimEnd();
  }).join("\n");
}

import { type Figure, type Goal, isMet, median, ratio, type Unit } from "./figure.ts";

/** Figures for people, in aligned columns: each by its median, with the least and the most of all rounds. */
export function table(figures: readonly Figure[]): string {
  const head = ["", "median", "least to most", "beside", "median", "ratio", "asked", ""];
  return aligned([head, ...figures.flatMap(rowsOf)]);
}

function rowsOf(figure: Figure): string[][] {
  const { name, unit, rounds, beside = [], goal } = figure;
  const own = [name, shown(median(rounds), unit), spread(rounds, unit)];
  const asked = goal === undefined ? ["", ""] : [goalText(goal, unit), verdict(isMet(figure))];
  const [first, ...others] = beside.map((one) => [
    one.name,
    shown(median(one.rounds), unit),
    ratio(figure, one).toFixed(2),
  ]);
  return [
    [...own, ...(first ?? ["", "", ""]), ...asked],
    ...others.map((other) => ["", "", "", ...other, "", ""]),
  ];
}

function verdict(met: boolean | undefined): string {
  return met === undefined ? "" : met ? "met" : "MISSED";
}

function goalText({ least, most, of }: Goal, unit: Unit): string {
  const bound = least === undefined ? `at most ${most}` : `at least ${least}`;
  return of === undefined
    ? `${bound}${unit === "/s" ? "" : " "}${unit}`.trim()
    : `${bound} of ${of}`;
}

function spread(rounds: readonly number[], unit: Unit): string {
  if (rounds.length < 2) return "";
  return `${number(Math.min(...rounds))} to ${shown(Math.max(...rounds), unit)}`;
}

function shown(value: number, unit: Unit): string {
  return `${number(value)}${unit === "/s" ? "" : " "}${unit}`.trim();
}

/** Three digits are enough to see what differs. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "?";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, digits === 0 ? "," : "");
}

/** Rows in aligned columns; each has as many cells as the first. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

import { styleText } from "node:util";
import type { Figure, Scenario } from "./scenario.ts";
import { STORE_NAMES, type StoreKind } from "./stores/trial-store.ts";

/** What a scenario came to. */
export interface Result {
  readonly scenario: Pick<Scenario, "name" | "title">;
  readonly store: StoreKind;
  readonly figures: readonly Figure[];
  readonly seconds: number;
}

/** A figure that must be exactly a number. */
export function mustBe(name: string, value: number, wanted: number): Figure {
  return { name, value: shown(value), wanted: shown(wanted), holds: value === wanted };
}

/** A figure that may be at most a number. */
export function atMost(name: string, value: number, most: number): Figure {
  return { name, value: shown(value), wanted: `≤ ${shown(most)}`, holds: value <= most };
}

/** A figure that must be at least a number. */
export function atLeast(name: string, value: number, least: number): Figure {
  return { name, value: shown(value), wanted: `≥ ${shown(least)}`, holds: value >= least };
}

/** A figure that only informs. */
export function informs(name: string, value: number | string): Figure {
  const text = typeof value === "string" ? value : shown(value);
  return { name, value: text, wanted: null, holds: true };
}

/** Whether every figure is as it should be. */
export function allHold(results: readonly Result[]): boolean {
  return results.every(({ figures }) => figures.every(({ holds }) => holds));
}

/** The figures as a table for people, colored where the terminal takes it. */
export function table(results: readonly Result[]): string {
  const width = widthOf(results.flatMap(({ figures }) => figures));
  const parts = results.map(({ scenario, store, figures, seconds }) =>
    [
      styleText("bold", `${scenario.name} on ${STORE_NAMES[store]}: ${scenario.title}`) +
        ` (${Math.round(seconds)} s)`,
      lines(figures, width),
    ].join("\n"),
  );
  return `${parts.join("\n\n")}\n`;
}

/** Figures in aligned lines, without a heading. */
export function lines(figures: readonly Figure[], width = widthOf(figures)): string {
  return figures
    .map((one) =>
      [
        `  ${one.name.padEnd(width.name)}`,
        one.value.padStart(width.value),
        wantedText(one).padEnd(width.wanted),
        mark(one),
      ]
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function widthOf(rows: readonly Figure[]) {
  return {
    name: longest(rows.map(({ name }) => name)),
    value: longest(rows.map(({ value }) => value)),
    wanted: longest(rows.map(wantedText)),
  };
}

function wantedText({ wanted }: Figure): string {
  return wanted === null ? "" : `(${wanted})`;
}

function mark({ wanted, holds }: Figure): string {
  if (wanted === null) return "";
  return holds ? styleText("green", "holds") : styleText("red", "DOES NOT HOLD");
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function shown(value: number): string {
  return value.toLocaleString("en-US");
}

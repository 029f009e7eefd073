import type { Problem } from "../core/problem.ts";
import { DESTINATION_TYPES } from "../destinations/index.ts";
import type { Templates, TemplateSheet } from "../render/rendered.ts";
import type { EventSort } from "./reach/event-sorts.ts";
import { nameList } from "./yaml/name-list.ts";
import { shapeOfSorts } from "./reach/sort-shape.ts";
import type { TemplateUse } from "./template-uses.ts";

/** Warnings about templates that depend on who uses them: in vain, beyond a platform's limits, or not at all. */
export function useProblems(
  uses: ReadonlyMap<TemplateSheet, TemplateUse>,
  templates: Templates,
): Problem[] {
  const wrong = new Set(templates.problems.map(({ file }) => file));
  const unused = templates.sheets.filter((sheet) => isUnused(sheet, uses));
  return [
    ...unused.map((sheet) => sheet.warn("", unusedSentence(sheet, uses))),
    ...templates.unusedPartials,
    ...[...uses.values()].flatMap(excess),
    ...[...uses.values()].flatMap((use) =>
      wrong.has(use.sheet.warn("", "").file) ? [] : inVain(use),
    ),
  ];
}

/** Templates that are found without a route naming them are never in the way. */
const ALWAYS_FINE: ReadonlySet<string> = new Set(["default", "digest"]);

function isUnused(sheet: TemplateSheet, uses: ReadonlyMap<TemplateSheet, TemplateUse>): boolean {
  return sheet.isOwn && !ALWAYS_FINE.has(sheet.name) && !uses.has(sheet);
}

function unusedSentence(
  { name, variant }: TemplateSheet,
  uses: ReadonlyMap<TemplateSheet, TemplateUse>,
): string {
  const isNamed = [...uses.keys()].some((sheet) => sheet.name === name);
  if (!isNamed)
    return `No route uses this template. Write \`template: ${name}\` in one, or delete the file.`;
  return variant === null
    ? "No route uses this file: the platforms that its messages go to have files of their own."
    : `No route that uses this template sends to a destination of type "${variant}".`;
}

function excess({ sheet, platforms }: TemplateUse): Problem[] {
  return [...platforms].flatMap((platform) =>
    DESTINATION_TYPES[platform]
      .excess(sheet.outline)
      .map(({ place, message }) => sheet.warn(place, message)),
  );
}

function inVain({ sheet, sorts, routes }: TemplateUse): readonly Problem[] {
  if (!sheet.isOwn) return [];
  const by = [...routes];
  const shown =
    by.length > MOST_NAMED
      ? `${by.length} routes`
      : `the route${by.length > 1 ? "s" : ""} ${nameList(by, "and")}`;
  return sheet.inVain(
    shapeOfSorts([...sorts]),
    `only events ${whichOf([...sorts])} come here, by ${shown}`,
  );
}

/** How many routes a sentence names; ours. */
const MOST_NAMED = 4;

function whichOf(sorts: readonly EventSort[]): string {
  const labels = [...new Set(sorts.map(({ source }) => source.label))];
  const isReceivedOnly = sorts.every(({ event }) => event === null);
  const from = `from ${labels.join(" and ")}`;
  return isReceivedOnly ? `${from} of which only the arrival is told` : from;
}

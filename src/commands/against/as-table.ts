import { clock } from "../moment.ts";
import { safe, styled, table } from "../print.ts";
import {
  destinationName,
  events,
  groupTitle,
  headline,
  notes,
  number,
  type Report,
} from "./report.ts";
import type { Example, Group } from "./tally.ts";
import { textsOf } from "./texts.ts";

/** A comparison as lines for a terminal. */
export function asTable(report: Report): string[] {
  const { tally, files, since, until } = report;
  const span = `from ${clock(iso(since))} to ${clock(iso(until))} UTC`;
  return [
    styled("bold", `${files.today} against ${files.other}`),
    `${events(tally.events)}, ${span}`,
    "",
    ...destinationTable(report),
    ...tally.groups.flatMap((group) => ["", ...groupLines(group, report)]),
    "",
    ...notes(report),
    styled("bold", headline(report)),
  ];
}

function destinationTable({ tally, files }: Report): string[] {
  const rows = tally.destinations.map((one) => [
    destinationName(one, files),
    ...[one.same, one.gained, one.lost, one.changed].map(number),
  ]);
  const [head = "", ...rest] = table([
    ["DESTINATION", "SAME", "GAINED", "LOST", "CHANGED"],
    ...rows,
  ]);
  return [styled("bold", head), ...rest];
}

function groupLines(group: Group, report: Report): string[] {
  const more = group.count - group.examples.length;
  return [
    styled("bold", safe(groupTitle(group))),
    ...group.examples.flatMap((example) => exampleLines(example, report)),
    ...(more === 0
      ? []
      : [`  and ${number(more)} more like ${group.count - more === 1 ? "it" : "these"}`]),
  ];
}

function exampleLines(example: Example, { stages }: Report): string[] {
  const { summary, diff } = textsOf(example, stages);
  const head = `  ${example.event}  ${clock(iso(example.receivedAt))} UTC`;
  if (diff === null) return [`${head}  ${safe(summary)}`];
  return [head, ...diff.map((line) => colored(`    ${safe(line)}`.trimEnd()))];
}

function colored(line: string): string {
  if (line.startsWith("    +")) return styled("green", line);
  return line.startsWith("    -") ? styled("red", line) : line;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

import { clock } from "../moment.ts";
import { safe } from "../print.ts";
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

/** The most characters of the whole; ours: GitHub takes 65,536 in the text of a pull request or a comment. */
const MOST_CHARS = 60_000;

/** A comparison as Markdown for a pull request, differences folded; those that no longer fit are left off, and counted. */
export function asMarkdown(report: Report): string {
  const { tally, since, until } = report;
  const span = `from ${clock(iso(since))} to ${clock(iso(until))} UTC`;
  const head = [
    `### ${escaped(headline(report))}`,
    `${events(tally.events)}, ${span}.`,
    destinationTable(report),
  ];
  const tail = notes(report).map(escaped);
  let room = MOST_CHARS - [...head, ...tail].join("\n\n").length;
  const folded: string[] = [];
  for (const group of tally.groups) {
    const text = fold(group, report);
    room -= text.length + 2;
    if (room < 0) break;
    folded.push(text);
  }
  const left = tally.groups.length - folded.length;
  const sorts =
    left === 1 ? "1 more sort of differences does" : `${left} more sorts of differences do`;
  const more = left === 0 ? [] : [`${sorts} not fit here.`];
  return [...head, ...folded, ...more, ...tail].join("\n\n");
}

function destinationTable({ tally, files }: Report): string {
  const rows = tally.destinations.map((one) => [
    escaped(destinationName(one, files)),
    ...[one.same, one.gained, one.lost, one.changed].map(number),
  ]);
  const lines = [["destination", "same", "gained", "lost", "changed"], RIGHT, ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const RIGHT = ["---", "---:", "---:", "---:", "---:"];

function fold(group: Group, report: Report): string {
  const more = group.count - group.examples.length;
  return [
    `<details>\n<summary>${escaped(groupTitle(group))}</summary>`,
    ...group.examples.flatMap((example) => exampleOf(example, report)),
    ...(more === 0
      ? []
      : [`And ${number(more)} more like ${group.count - more === 1 ? "it" : "these"}.`]),
    "</details>",
  ].join("\n\n");
}

function exampleOf(example: Example, { stages }: Report): string[] {
  const { today, other, diff } = textsOf(example, stages);
  const head = `\`${example.event}\`, ${clock(iso(example.receivedAt))} UTC`;
  return [head, diff === null ? fenced("text", other ?? today ?? []) : fenced("diff", diff)];
}

/** With a fence that is longer than any run of backticks in the lines, so that nothing in them can end it. */
function fenced(language: string, lines: readonly string[]): string {
  const text = lines.map(safe).join("\n");
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Names from configs, shown as typed. */
function escaped(text: string): string {
  return safe(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|#~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

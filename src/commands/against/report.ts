import type { Sides } from "../../pipeline/compare.ts";
import type { Stage } from "../../pipeline/rehearse.ts";
import type { DestinationTally, Group, Tally, Way } from "./tally.ts";

/** A comparison, ready to be told. */
export interface Report {
  readonly tally: Tally;
  readonly stages: Sides<Stage>;
  /** The config files as the reader knows them. */
  readonly files: Sides<string>;
  /** What time the events are of, in milliseconds since the epoch. */
  readonly since: number;
  readonly until: number;
}

/** The whole comparison in one sentence. */
export function headline({ tally, files }: Report): string {
  const different = tally.groups.reduce((sum, one) => sum + one.count, 0);
  const all = tally.destinations.reduce((sum, one) => sum + one.same, different);
  if (tally.events === 0) return "There are no events to compare.";
  if (different > 0)
    return `With ${files.other}, ${number(different)} of ${messages(all)} would differ.`;
  return `With ${files.other}, ${all === 0 ? "no message" : `none of ${messages(all)}`} would differ.`;
}

/** What the comparison does not say, in sentences; empty when it says all. */
export function notes({ tally, files }: Report): string[] {
  const { destinations, leftOut, asRecorded } = tally;
  const moved = destinations.filter((one) => one.hasMoved).map((one) => one.name);
  const left = Object.entries(leftOut).filter(([, count]) => count > 0);
  return [
    ...(moved.length === 0
      ? []
      : [`In ${files.other} another channel or account: ${moved.join(", ")}.`]),
    ...(left.length === 0
      ? []
      : [
          `Of ${events(tally.events)}, left out: ${left.map(([why, count]) => `${number(count)} ${WHY.get(why) ?? why}`).join(", ")}.`,
        ]),
    ...(asRecorded === 0
      ? []
      : [
          `${events(asRecorded)} ${asRecorded === 1 ? "has" : "have"} no known state of the customer before, and ${asRecorded === 1 ? "is" : "are"} compared with the changes as recorded.`,
        ]),
  ];
}

const WHY = new Map([
  ["unchanged", "without changes"],
  ["stale", "stale"],
  ["quarantined", "quarantined"],
  ["waiting", "not processed yet"],
  ["pruned", "whose payload was pruned"],
  ["unreadable", "whose payload cannot be read any more"],
  ["sourceless", "of sources that neither config has"],
]);

/** A destination's name, with which config has it where only one does. */
export function destinationName({ name, isIn }: DestinationTally, files: Sides<string>): string {
  return isIn === "both" ? name : `${name} (only in ${files[isIn]})`;
}

/** What a group of differences has in common. */
export function groupTitle({ destination, verdict, count, today, other }: Group): string {
  return `${destination}: ${number(count)} ${verdict}, ${ways(today, other)}`;
}

function ways(today: Way | null, other: Way | null): string {
  if (today === null || other === null || isSame(today, other)) return wayText(other ?? today);
  return `${wayText(today)} today, and ${wayText(other)} then`;
}

function isSame(one: Way, another: Way): boolean {
  return one.route === another.route && one.template === another.template;
}

function wayText(way: Way | null): string {
  return way === null ? "" : `by route "${way.route}" with template ${way.template}`;
}

/** A count as people read it: `10,000`. */
export function number(count: number): string {
  return count.toLocaleString("en-US");
}

function messages(count: number): string {
  return count === 1 ? "1 message" : `${number(count)} messages`;
}

/** A number of events in words: `1 event`, `10,000 events`. */
export function events(count: number): string {
  return count === 1 ? "1 event" : `${number(count)} events`;
}

import stringWidth from "string-width";
import { truncate } from "../core/text.ts";
import { matchWords } from "./match-words.ts";
import { clock } from "./moment.ts";
import { safe, styled, table } from "./print.ts";
import type { RouteAnswer } from "./routes-answer.ts";

/** How a tree of routes is drawn. */
export interface RouteLook {
  /** How many columns there are. */
  readonly width: number;
  /** The time that was looked at, such as `in 7 days`; `null` when there is no traffic to show. */
  readonly period: string | null;
}

/** A tree of routes as aligned lines: what each takes, where it sends that, and what it sent. */
export function routeLines(routes: readonly RouteAnswer[], look: RouteLook): string[] {
  const rows = [headings(look), ...rowsBelow(routes, "", look)];
  const rests = table(rows.map(({ rest }) => rest));
  const nameWidth = widest(rows.map(({ name }) => name)) + GAP;
  const room = look.width - nameWidth;
  const most = Math.max(LEAST_TAKES, room - widest(rests) - GAP);
  const leaves = table(
    rows.map((row, index) => (isGroup(row) ? [] : [takesIn(row, most), rests[index] ?? ""])),
  );
  return rows.map((row, index) => {
    const indented = row.name + " ".repeat(nameWidth - stringWidth(row.name));
    // A group has nothing in the other columns, so that it may tell more of what it takes.
    return indented + (isGroup(row) ? takesIn(row, Math.max(LEAST_TAKES, room)) : leaves[index]);
  });
}

/** The least columns for what routes take, however narrow the terminal is; ours. */
const LEAST_TAKES = 24;

/** The columns between two cells of a table. */
const GAP = 2;

function widest(lines: readonly string[]): number {
  return Math.max(...lines.map((line) => stringWidth(line)));
}

/** One line, before it is aligned. */
interface Row {
  readonly name: string;
  /** What is cut where there is no room. */
  readonly takes: string;
  readonly isStop: boolean;
  /** The other cells; none for a group. */
  readonly rest: readonly string[];
}

function isGroup({ rest }: Row): boolean {
  return rest.length === 0;
}

function takesIn({ takes, isStop }: Row, most: number): string {
  const end = isStop ? " (stop)" : "";
  return truncate(takes, most - end.length) + end;
}

function headings({ period }: RouteLook): Row {
  const traffic = period === null ? [] : ["EVENTS", "MESSAGES", "LAST (UTC)"];
  const rest = ["SENDS TO", "TEMPLATE", ...traffic];
  return { name: "ROUTE", takes: "TAKES", isStop: false, rest };
}

function rowsBelow(routes: readonly RouteAnswer[], indent: string, look: RouteLook): Row[] {
  return routes.flatMap((route, index) => {
    const isLast = index === routes.length - 1;
    const row = rowOf(route, `${indent}${isLast ? "└─" : "├─"} `, look);
    return [row, ...rowsBelow(route.routes ?? [], `${indent}${isLast ? "   " : "│  "}`, look)];
  });
}

function rowOf(route: RouteAnswer, branch: string, look: RouteLook): Row {
  const row = { takes: safe(takesOf(route)), isStop: route.stop };
  if (route.routes !== null)
    return { ...row, name: branch + styled("bold", safe(route.name)), rest: [] };
  const sends = [route.send.join(", "), route.template ?? "by event"].map(safe);
  return { ...row, name: branch + safe(route.name), rest: [...sends, ...trafficOf(route, look)] };
}

function takesOf({ match, when }: RouteAnswer): string {
  const conditions = [
    ...(match === null ? [] : [matchWords(match)]),
    ...(when === null ? [] : [`when ${when}`]),
  ];
  return conditions.length === 0 ? "everything" : conditions.join(", ");
}

function trafficOf({ traffic }: RouteAnswer, { period }: RouteLook): string[] {
  if (period === null) return [];
  const { events, messages, last } = traffic ?? { events: 0, messages: 0, last: null };
  const counts = [right(events, "EVENTS"), right(messages, "MESSAGES")];
  const when = last === null ? styled("yellow", `nothing ${period}`) : clock(last).slice(0, -3);
  return [...counts, when];
}

function right(count: number, heading: string): string {
  return String(count).padStart(heading.length);
}

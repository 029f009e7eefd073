import stringWidth from "string-width";
import type { Change } from "../core/change.ts";
import type { RouteVerdict } from "../core/rulebook.ts";
import { safe, styled, table } from "./print.ts";

/** Changes as lines: the sentence, and the kind that routes know it by. */
export function describeChanges(changes: readonly Change[]): string[] {
  return table(changes.map((one) => [`  - ${safe(one.summary)}`, styled("dim", one.kind)]));
}

/**
 * Routes as lines: whether each took the event, else the first condition that failed and the value that it met; below the
 * name where both are wider than `width` columns.
 */
export function describeRoutes(routes: readonly RouteVerdict[], width = Infinity): string[] {
  const rows = routes.map((route) => {
    if (route.matched) return [`  ${styled("green", "✓")} ${safe(route.name)}`, "took it"];
    return [`  ${styled("red", "✗")} ${safe(route.name)}`, safe(missWords(route.failed))];
  });
  const lines = table(rows);
  if (lines.every((line) => stringWidth(line) <= width)) return lines;
  return rows.flatMap(([name = "", verdict = ""], index) =>
    routes[index]?.matched ? [`${name}  ${verdict}`] : [name, `      ${verdict}`],
  );
}

function missWords(failed: RouteVerdict["failed"]): string {
  const { path, expected, actual } = failed ?? { path: "", expected: "", actual: "" };
  // A route behind a `stop` was not asked at all: what it met is the whole story.
  if (path === "stop") return `not asked: ${actual}`;
  return `${path} had to be ${expected}, and was ${actual}`;
}

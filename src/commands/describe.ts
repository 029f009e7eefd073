import type { Change } from "../core/change.ts";
import type { RouteVerdict } from "../core/route.ts";
import { safe, styled, table } from "./print.ts";

/** Changes as lines: the sentence, and the kind that routes know it by. */
export function describeChanges(changes: readonly Change[]): string[] {
  return table(changes.map((one) => [`  - ${safe(one.summary)}`, styled("dim", one.kind)]));
}

/** Routes as lines: whether each took the event, else the first condition that failed and the value that it met. */
export function describeRoutes(routes: readonly RouteVerdict[]): string[] {
  return table(
    routes.map((route) => {
      if (route.matched) return [`  ${styled("green", "✓")} ${safe(route.name)}`, "took it"];
      const { path, expected, actual } = route.failed ?? { path: "", expected: "", actual: "" };
      return [
        `  ${styled("red", "✗")} ${safe(route.name)}`,
        safe(`${path} had to be ${expected}, and was ${actual}`),
      ];
    }),
  );
}

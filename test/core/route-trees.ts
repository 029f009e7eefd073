import * as fc from "fast-check";
import { type Match, matchers } from "../../src/core/match.ts";
import type { RouteNode } from "../../src/core/route.ts";

/** A route or a group, as a config has it. */
interface Written {
  readonly name: string;
  readonly match: Match;
  readonly stop: boolean;
  readonly routes?: readonly Written[];
}

const condition = fc.constantFrom<Match>(
  { tone: "good" },
  { tone: "bad" },
  { event: "customer.*", tone: { not: "bad" } },
  { tone: { not: "good" }, event: "customer.*" },
  { "changes.kind": "customer.created", "changes.tone": "good" },
  { "changes.kind": "subscription.ended" },
  { "customer.email": { exists: false } },
  { not: { "source.type": "polar" } },
  {},
);

/** Trees of routes, made ready together, as those of a config are: many ask the same; each sends to a destination of its name. */
export const routeTrees: fc.Arbitrary<readonly RouteNode[]> = fc
  .letrec<{ nodes: Written[] }>((tie) => {
    // Few end the search, or hardly anything would be asked behind them.
    const stop = fc.integer({ max: 9, min: 0 }).map((number) => number === 9);
    const own = { name: fc.string(), match: condition, stop };
    return {
      nodes: fc.array(
        fc.oneof(
          { maxDepth: 3 },
          fc.record(own),
          fc.record({ ...own, routes: tie("nodes").filter((nodes) => nodes.length > 0) }),
        ),
        { maxLength: 6 },
      ),
    };
  })
  .nodes.map((written) => nodesOf(written, [], matchers()));

function nodesOf(
  written: readonly Written[],
  around: readonly Match[],
  matcher: ReturnType<typeof matchers>,
): readonly RouteNode[] {
  return written.map(({ name, match, stop, routes }) => {
    const matches = [...around, match];
    const own = { name, match: matcher(...matches), when: null, stop };
    return routes === undefined
      ? { ...own, send: [name], template: null }
      : { ...own, routes: nodesOf(routes, matches, matcher) };
  });
}

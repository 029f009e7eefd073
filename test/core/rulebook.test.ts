import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Match, matcher } from "../../src/core/match.ts";
import { decide, type RouteGroup, type RouteNode } from "../../src/core/route.ts";
import { rulebookOf } from "../../src/core/rulebook.ts";
import { factsWith } from "./facts.ts";

const facts = factsWith([{ kind: "subscription.ended" }]);

function route(name: string, match: Match): RouteNode {
  return { name, match: matcher(match), when: null, send: [name], template: null, stop: false };
}

function group(name: string, match: Match, routes: RouteGroup["routes"]): RouteGroup {
  return { name, match: matcher(match), when: null, stop: false, routes };
}

describe("a rulebook", () => {
  it("names the routes that send, with what each expects, its groups' conditions first", () => {
    const routes = [
      group("won", { tone: "good" }, [
        route("large", { tone: "good", "subscription.amount": { gte: 100 } }),
        route("other", {}),
      ]),
      route("all", {}),
    ];

    expect(rulebookOf(routes)).toEqual({
      routes: [
        {
          name: "large",
          expectations: [
            { path: "tone", expected: '"good"' },
            { path: "subscription.amount", expected: "at least 100" },
          ],
        },
        { name: "other", expectations: [{ path: "tone", expected: '"good"' }] },
        { name: "all", expectations: [] },
      ],
    });
  });

  it("is made once for the same routes", () => {
    const routes = [route("all", {})];

    expect(rulebookOf(routes)).toBe(rulebookOf(routes));
  });

  it("foresees every miss but those of `any`, which only an event tells", () => {
    const condition = fc.constantFrom<Match>(
      { tone: "good" },
      { event: "customer.*", tone: { not: "bad" } },
      { "changes.kind": "customer.created", "changes.tone": "good" },
      { "customer.email": { exists: false } },
      { not: { "source.type": "polar" } },
    );
    const tree = fc.letrec<{ nodes: RouteNode[] }>((tie) => ({
      nodes: fc.array(
        fc.oneof(
          { maxDepth: 3 },
          fc.tuple(fc.string(), condition).map(([name, match]) => route(name, match)),
          fc
            .tuple(fc.string(), condition, tie("nodes"))
            .map(([name, match, nodes]) => group(name, match, nodes)),
        ),
        { maxLength: 4 },
      ),
    })).nodes;
    fc.assert(
      fc.property(tree, (routes) => {
        const verdicts = decide(routes, facts).routes;
        const terms = rulebookOf(routes).routes;

        expect(terms.map(({ name }) => name)).toEqual(verdicts.map(({ name }) => name));
        verdicts.forEach(({ failed }, index) => {
          if (failed === undefined) return;
          const { path, expected } = failed;
          expect(terms[index]?.expectations).toContainEqual({ path, expected });
        });
      }),
    );
  });
});

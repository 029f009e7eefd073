import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Match, matcher } from "../../src/core/match.ts";
import { decide, refusing } from "../../src/core/decide.ts";
import type { RouteGroup, RouteNode } from "../../src/core/route.ts";
import { rulebookOf } from "../../src/core/rulebook.ts";
import { factsWith } from "./facts.ts";
import { routeTrees } from "./route-trees.ts";

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
    fc.assert(
      fc.property(routeTrees, (routes) => {
        const { refusals } = decide(routes, facts);
        const terms = rulebookOf(routes).routes;

        for (const refusal of refusals)
          for (const number of refusing(refusal)) {
            const { path, expected } = refusal.failed;
            if (path !== "stop")
              expect(terms[number]?.expectations).toContainEqual({ path, expected });
          }
      }),
    );
  });
});

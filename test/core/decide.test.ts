import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, refusing } from "../../src/core/decide.ts";
import type { Facts } from "../../src/core/facts.ts";
import { matcher, type Match } from "../../src/core/match.ts";
import { leavesOf, type Route, type RouteGroup, type RouteNode } from "../../src/core/route.ts";
import type { RouteVerdict } from "../../src/core/rulebook.ts";
import { decided } from "./decided.ts";
import { factsWith } from "./facts.ts";
import { routeTrees } from "./route-trees.ts";

const facts = factsWith([{ kind: "subscription.ended" }]);

function route(name: string, match: Match, more: Partial<Route> = {}): Route {
  return {
    name,
    match: matcher(match),
    when: null,
    send: ["sales"],
    template: null,
    stop: false,
    ...more,
  };
}

function group(
  name: string,
  match: Match,
  routes: RouteGroup["routes"],
  more: Partial<RouteGroup> = {},
): RouteGroup {
  return { name, match: matcher(match), when: null, stop: false, routes, ...more };
}

/** What routes say when each is asked by itself, one after the other. */
function oneByOne(routes: readonly RouteNode[]): readonly RouteVerdict[] {
  const verdicts: RouteVerdict[] = [];
  let endedBy: string | undefined;
  const ask = (nodes: readonly RouteNode[]): boolean =>
    nodes
      .map((node) => {
        const leaves = "routes" in node ? leavesOf(node.routes) : [node];
        const failed = endedBy === undefined ? node.match(facts) : behind(endedBy);
        if (failed !== undefined) {
          verdicts.push(...leaves.map(({ name }) => ({ name, matched: false, failed })));
          return false;
        }
        if (!("routes" in node)) verdicts.push({ name: node.name, matched: true });
        else if (!ask(node.routes)) return false;
        if (node.stop) endedBy ??= node.name;
        return true;
      })
      .some((isTaken) => isTaken);
  ask(routes);
  return verdicts;
}

function behind(name: string) {
  return { path: "stop", expected: "to be reached", actual: `"${name}" ended the search` };
}

describe("deciding where an event goes", () => {
  it("says of every route what is said when all are asked one after the other", () => {
    fc.assert(
      fc.property(routeTrees, (routes) => {
        const decision = decided(routes, facts);
        const expected = oneByOne(routes);

        expect(decision.routes).toEqual(expected);
        expect(decision.sends.map((send) => send.route)).toEqual([
          ...new Set(expected.filter(({ matched }) => matched).map(({ name }) => name)),
        ]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("refuses for one reason each route that does not take the event", () => {
    fc.assert(
      fc.property(routeTrees, (routes) => {
        const refused = decide(routes, facts).refusals.flatMap((one) => [...refusing(one)]);
        const missed = oneByOne(routes).flatMap(({ matched }, number) => (matched ? [] : [number]));

        expect(refused.toSorted((one, other) => one - other)).toEqual(missed);
      }),
      { numRuns: 1_000 },
    );
  });

  it("sends to every destination of every route that matches", () => {
    const decision = decided(
      [route("one", {}, { send: ["sales", "ops"] }), route("two", {}, { send: ["success"] })],
      facts,
    );

    expect(decision.sends.map((send) => send.destination)).toEqual(["sales", "ops", "success"]);
  });

  it("sends to one destination at most once: the first route wins", () => {
    const decision = decided(
      [route("one", {}, { template: "a" }), route("two", {}, { template: "b" })],
      facts,
    );

    expect(decision.sends).toEqual([{ route: "one", destination: "sales", template: "a" }]);
    expect(decision.routes.map((verdict) => verdict.matched)).toEqual([true, true]);
  });

  it("looks no further behind a matching route with stop, and says so", () => {
    const decision = decided(
      [route("one", {}, { stop: true }), route("two", {}, { send: ["ops"] })],
      facts,
    );

    expect(decision.sends).toHaveLength(1);
    expect(decision.routes[1]).toEqual({
      name: "two",
      matched: false,
      failed: { path: "stop", expected: "to be reached", actual: '"one" ended the search' },
    });
  });

  it("goes on behind a route with stop that does not match", () => {
    const decision = decided(
      [route("one", { tone: "bad" }, { stop: true }), route("two", {})],
      facts,
    );

    expect(decision.sends).toEqual([{ route: "two", destination: "sales", template: null }]);
  });

  it("asks `when` only if the match holds, and keeps the first condition that failed", () => {
    let asked = 0;
    const expectation = { path: "when", expected: "true" };
    const missOf = () => {
      asked++;
      return { ...expectation, actual: "false" };
    };
    const when = Object.assign(missOf, { expectations: [expectation] });

    const decision = decided(
      [route("one", { tone: "bad" }, { when }), route("two", {}, { when })],
      facts,
    );

    expect(asked).toBe(1);
    expect(decision.routes.map((verdict) => verdict.failed?.path)).toEqual(["tone", "when"]);
  });
});

describe("deciding in groups", () => {
  it("asks the routes of a group that lets the event in, in order with those around it", () => {
    const decision = decided(
      [
        route("one", {}, { send: ["ops"] }),
        group("g", { event: "customer.*" }, [
          route("two", { tone: "bad" }),
          group("h", {}, [route("three", {})]),
        ]),
        route("four", {}, { send: ["success"] }),
      ],
      facts,
    );

    expect(decision.routes.map(({ name, matched }) => [name, matched])).toEqual([
      ["one", true],
      ["two", false],
      ["three", true],
      ["four", true],
    ]);
    expect(decision.sends.map((send) => send.route)).toEqual(["one", "three", "four"]);
  });

  it("asks a group once and, when it lets the event not in, none of its routes: they have its miss", () => {
    const asked: string[] = [];
    const asking = (name: string, match: Match): Route["match"] => {
      const holds = matcher(match);
      const missOf = (given: Facts) => {
        asked.push(name);
        return holds(given);
      };
      return Object.assign(missOf, { expectations: holds.expectations });
    };
    const inner = group("h", {}, [route("two", {}, { match: asking("two", {}) })]);

    const decision = decided(
      [
        group("g", {}, [route("one", {}, { match: asking("one", {}) }), inner], {
          match: asking("g", { tone: "bad" }),
        }),
      ],
      facts,
    );

    expect(asked).toEqual(["g"]);
    expect(decision.routes.map(({ name, failed }) => [name, failed?.path])).toEqual([
      ["one", "tone"],
      ["two", "tone"],
    ]);
  });

  it("asks the `when` of a group too", () => {
    const when = matcher({ tone: "bad" });

    const decision = decided([group("g", {}, [route("one", {})], { when })], facts);

    expect(decision.sends).toEqual([]);
    expect(decision.routes[0]?.failed?.path).toBe("tone");
  });

  it("ends the whole search behind a route of a group with stop", () => {
    const decision = decided(
      [
        group("g", {}, [route("one", {}, { stop: true }), route("two", {})]),
        group("h", {}, [route("three", {})]),
      ],
      facts,
    );

    expect(decision.routes.map(({ failed }) => failed?.actual)).toEqual([
      undefined,
      '"one" ended the search',
      '"one" ended the search',
    ]);
  });

  it("asks all routes of a group with stop, and ends the search behind it when one took the event", () => {
    const decision = decided(
      [
        group("g", {}, [route("one", {}), route("two", {}, { send: ["ops"] })], { stop: true }),
        route("three", {}),
      ],
      facts,
    );

    expect(decision.sends.map((send) => send.route)).toEqual(["one", "two"]);
    expect(decision.routes[2]?.failed?.actual).toBe('"g" ended the search');
  });

  it("goes on behind a group with stop of which no route took the event", () => {
    const decision = decided(
      [group("g", {}, [route("one", { tone: "bad" })], { stop: true }), route("two", {})],
      facts,
    );

    expect(decision.sends.map((send) => send.route)).toEqual(["two"]);
  });

  it("names the route, and not the groups around it, that ended the search first", () => {
    const decision = decided(
      [group("g", {}, [route("one", {}, { stop: true })], { stop: true }), route("two", {})],
      facts,
    );

    expect(decision.routes[1]?.failed?.actual).toBe('"one" ended the search');
  });

  it("knows the routes that send, in the order in which they are asked", () => {
    const routes = [
      group("g", {}, [route("one", {}), group("h", {}, [route("two", {})])]),
      route("three", {}),
    ];

    const leaves = leavesOf(routes);

    expect(leaves.map(({ name }) => name)).toEqual(["one", "two", "three"]);
  });
});

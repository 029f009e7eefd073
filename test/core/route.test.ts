import { describe, expect, it } from "vitest";
import { matcher, type Match } from "../../src/core/match.ts";
import type { Route } from "../../src/core/route.ts";
import { decide } from "../../src/core/route.ts";
import { factsWith } from "./facts.ts";

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

describe("deciding where an event goes", () => {
  it("sends to every destination of every route that matches", () => {
    const decision = decide(
      [route("one", {}, { send: ["sales", "ops"] }), route("two", {}, { send: ["success"] })],
      facts,
    );

    expect(decision.sends.map((send) => send.destination)).toEqual(["sales", "ops", "success"]);
  });

  it("sends to one destination at most once: the first route wins", () => {
    const decision = decide(
      [route("one", {}, { template: "a" }), route("two", {}, { template: "b" })],
      facts,
    );

    expect(decision.sends).toEqual([{ route: "one", destination: "sales", template: "a" }]);
    expect(decision.routes.map((verdict) => verdict.matched)).toEqual([true, true]);
  });

  it("looks no further behind a matching route with stop, and says so", () => {
    const decision = decide(
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
    const decision = decide(
      [route("one", { tone: "bad" }, { stop: true }), route("two", {})],
      facts,
    );

    expect(decision.sends).toEqual([{ route: "two", destination: "sales", template: null }]);
  });

  it("asks `when` only if the match holds, and keeps the first condition that failed", () => {
    let asked = 0;
    const when = () => {
      asked++;
      return { path: "when", expected: "true", actual: "false" };
    };

    const decision = decide(
      [route("one", { tone: "bad" }, { when }), route("two", {}, { when })],
      facts,
    );

    expect(asked).toBe(1);
    expect(decision.routes.map((verdict) => verdict.failed?.path)).toEqual(["tone", "when"]);
  });
});

import { describe, expect, it } from "vitest";
import { routeLines } from "../../src/commands/route-lines.ts";
import type { RouteAnswer } from "../../src/commands/routes-answer.ts";

function route(name: string, more: Partial<RouteAnswer> = {}): RouteAnswer {
  return {
    name,
    match: null,
    when: null,
    send: ["sales"],
    template: null,
    stop: false,
    traffic: { events: 0, messages: 0, last: null },
    routes: null,
    ...more,
  };
}

const TREE: readonly RouteAnswer[] = [
  route("subscriptions", {
    match: { "changes.kind": "subscription.*", not: { "customer.email": "*@northwind.example" } },
    traffic: null,
    routes: [
      route("at risk", {
        match: { "changes.kind": ["subscription.ended", "subscription.plan_changed"] },
        template: "customer-state",
        stop: true,
        traffic: { events: 31, messages: 62, last: "2026-11-22T09:14:03.000Z" },
      }),
      route("route 1.2", { traffic: null, routes: [route("rest", { send: ["sales", "ops"] })] }),
    ],
  }),
  route("old", { when: 'event == "x"' }),
];

describe("a tree of routes", () => {
  it("is drawn with aligned columns, groups without any but what they take", () => {
    const lines = routeLines(TREE, { width: 200, period: "in 7 days" });

    expect(lines).toEqual([
      "ROUTE             TAKES                                                                 SENDS TO    TEMPLATE        EVENTS  MESSAGES  LAST (UTC)",
      "├─ subscriptions  changes.kind: subscription.*, not: { customer.email: *@northwind.example }",
      "│  ├─ at risk     changes.kind: [subscription.ended, subscription.plan_changed] (stop)  sales       customer-state      31        62  2026-11-22 09:14",
      "│  └─ route 1.2   everything",
      "│     └─ rest     everything                                                            sales, ops  by event             0         0  nothing in 7 days",
      '└─ old            when event == "x"                                                     sales       by event             0         0  nothing in 7 days',
    ]);
  });

  it("cuts what routes take to the columns that there are, and that alone", () => {
    const lines = routeLines(TREE, { width: 110, period: "in 7 days" });

    expect(Math.max(...lines.map((line) => line.length))).toBe(110);
    expect(lines[2]).toContain("changes.kind: [subs… (stop)  sales ");
  });

  it("has no traffic where none is known", () => {
    const [heading, , atRisk] = routeLines(TREE, { width: 200, period: null });

    expect(heading).toMatch(/SENDS TO +TEMPLATE$/);
    expect(atRisk).toMatch(/sales +customer-state$/);
  });

  it("shows control characters instead of sending them to the terminal", () => {
    const escape = "\u001b]0;x";
    const more = { match: { tone: escape }, send: [escape], template: escape };

    const lines = routeLines([route(escape, more)], { width: 120, period: null });

    expect(lines.join("")).not.toContain("\u001b");
  });
});

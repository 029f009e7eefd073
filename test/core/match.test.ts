import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/core/facts.ts";
import { Asked, type Match, matcher, matchers } from "../../src/core/match.ts";
import { factsWith } from "./facts.ts";

const facts = factsWith([
  {
    kind: "group.added",
    group: { id: "cg_1", key: "enterprise", name: "Enterprise", color: null },
  },
  { kind: "group.removed", group: { id: "cg_2", key: "trial", name: "Trial", color: null } },
  { kind: "subscription.amount_changed", amount: 4900 },
]);

const holds: [string, Match][] = [
  ["a value", { event: "customer.state_changed" }],
  ["one of several values", { "source.type": ["plain", "polar"] }],
  ["a glob", { event: "customer.*" }],
  ["a glob with several stars", { event: "*mer.sta*_ch*" }],
  ["absence, written as null", { "customer.external_id": null }],
  ["a bound", { "subscription.amount": { gte: 4900, lt: 5000 } }],
  ["a bound on a time", { time: { gte: "2026-11-01" } }],
  ["a negation", { "source.type": { not: "plain" } }],
  ["a negation of several", { "source.type": { not: ["plain", "x*"] } }],
  ["presence", { "customer.email": { exists: true } }],
  ["absence", { "customer.external_id": { exists: false } }],
  ["an element of a list", { "changes.kind": "group.removed" }],
  [
    "several conditions on one element",
    { "changes.kind": "group.added", "changes.group.key": "enterprise" },
  ],
  ["an alternative", { any: [{ event: "nothing" }, { tone: "info" }] }],
  ["a combination", { not: { "changes.kind": "subscription.ended" }, tone: "info" }],
  ["the vendor's own payload", { "data.data.nested": 1 }],
  ["nothing at all", {}],
];

const fails: [string, Match, { path: string; expected: string; actual: string }][] = [
  [
    "another value",
    { event: "order.paid" },
    { path: "event", expected: '"order.paid"', actual: '"customer.state_changed"' },
  ],
  [
    "a value of another type",
    { "subscription.amount": "4900" },
    { path: "subscription.amount", expected: '"4900"', actual: "4900" },
  ],
  [
    "conditions that no single element satisfies",
    { "changes.kind": "group.added", "changes.group.key": "trial" },
    {
      path: "changes.group.key",
      expected: '"trial"',
      actual: '"enterprise"',
    },
  ],
  [
    "a bound",
    { "subscription.amount": { gt: 4900 } },
    { path: "subscription.amount", expected: "more than 4900", actual: "4900" },
  ],
  [
    "a path that leads nowhere",
    { "data.no.such": "x" },
    { path: "data.no.such", expected: '"x"', actual: "nothing" },
  ],
  [
    "every alternative",
    { any: [{ tone: "bad" }, { event: "x" }] },
    {
      path: "any",
      expected: 'tone to be "bad", or event to be "x"',
      actual: 'tone "info", event "customer.state_changed"',
    },
  ],
  [
    "a negated combination",
    { not: { tone: "info" } },
    { path: "not", expected: "not to hold", actual: "it holds" },
  ],
];

describe("a match", () => {
  it.each(holds)("holds for %s", (_, match) => {
    expect(matcher(match)(facts)).toBeUndefined();
  });

  it.each(fails)("fails on %s, and says on what", (_, match, miss) => {
    expect(matcher(match)(facts)).toEqual(miss);
  });

  it("says of a list the values that all its elements had", () => {
    const miss = matcher({ "changes.kind": "customer.deleted" })(facts);

    expect(miss?.actual).toBe('"group.added", "group.removed", "subscription.amount_changed"');
  });

  it("never reaches into prototypes", () => {
    expect(matcher({ "customer.constructor.name": { exists: true } })(facts)?.actual).toBe(
      "nothing",
    );
  });

  it("reads globs as a regular expression would, in which only the star is special", () => {
    const piece = fc.string({ unit: fc.constantFrom("a", "b", ".", "*"), maxLength: 8 });
    fc.assert(
      fc.property(piece, piece, (pattern, event) => {
        fc.pre(pattern.includes("*"));
        const source = pattern
          .split("*")
          .map((text) => text.replaceAll(".", "\\."))
          .join("[^]*");
        const expected = new RegExp(`^${source}$`).test(event);

        expect(matcher({ event: pattern })({ ...facts, event }) === undefined).toBe(expected);
      }),
    );
  });
});

describe("several matches made one", () => {
  it("hold when all of their conditions do, those on the same path included", () => {
    const both = matcher({ "changes.kind": "group.*" }, { "changes.kind": "*.removed" });

    const miss = both(facts);

    expect(miss).toBeUndefined();
  });

  it("share the element of a list that their conditions are about", () => {
    const both = matcher({ "changes.kind": "group.added" }, { "changes.group.key": "trial" });

    const miss = both(facts);

    expect(miss?.path).toBe("changes.group.key");
  });

  it("keep the `any` and the `not` of each", () => {
    const both = matcher(
      { any: [{ tone: "info" }], not: { tone: "bad" } },
      { any: [{ tone: "bad" }], not: { tone: "good" } },
    );

    const miss = both(facts);

    expect(miss).toMatchObject({ path: "any", expected: 'tone to be "bad"' });
  });
});

describe("the matches of many routes", () => {
  it("ask an event once what they have in common", () => {
    const make = matchers();
    const [first, second] = [make({ tone: "bad", event: "a" }), make({ tone: "bad", event: "b" })];
    let asked = 0;
    const watched = Object.defineProperty({ ...facts }, "tone", {
      get: () => {
        asked += 1;
        return "bad";
      },
    });
    const known = new Asked();

    const misses = [first(watched, known), second(watched, known)];

    expect(misses.map((miss) => miss?.expected)).toEqual(['"a"', '"b"']);
    expect(asked).toBe(1);
  });

  it("say of every event what each of them says alone", () => {
    const conditions: readonly Match[] = [...holds, ...fails].map(([, match]) => match);
    const make = matchers();
    const together = [...conditions, ...conditions].map((match) => make(match));
    const known = new Asked();

    const misses = together.map((one) => one(facts, known));

    const alone = conditions.map((match) => matcher(match)(facts));
    expect(misses).toEqual([...alone, ...alone]);
  });

  it("keep bounds apart that JSON has no words for", () => {
    const make = matchers();
    const bounds = [-Infinity, Infinity].map((gt) => make({ "subscription.amount": { gt } }));
    const paid = { ...facts, subscription: { amount: 100 } } as unknown as Facts;

    expect(bounds.map((one) => one(paid) === undefined)).toEqual([true, false]);
  });
});

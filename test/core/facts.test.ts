import { describe, expect, it } from "vitest";
import { strongestTone } from "../../src/core/change.ts";
import { customerLabel } from "../../src/core/event.ts";
import { FACTS_SHAPE, shapeAt } from "../../src/core/shape.ts";
import { didYouMean, suggest } from "../../src/core/suggest.ts";
import { factsWith } from "./facts.ts";

describe("what routes and templates see", () => {
  it("takes subscription, benefit and group from the first change that has one", () => {
    const group = { id: "g", key: "vip", name: "VIP", color: null };

    const facts = factsWith([
      { kind: "customer.updated" },
      { kind: "group.added", group },
      { kind: "subscription.renewed", amount: 100 },
    ]);

    expect(facts.group).toBe(group);
    expect(facts.subscription?.amount).toBe(100);
    expect(facts.benefit).toBeNull();
  });

  it("lets the strongest tone speak for all", () => {
    const facts = factsWith([
      { kind: "customer.updated", tone: "good" },
      { kind: "subscription.ended", tone: "bad" },
    ]);

    expect(strongestTone(facts.changes)).toBe("bad");
    expect(strongestTone([])).toBe("info");
  });

  it("finds the strongest tone among more changes than a call takes arguments", () => {
    const { change } = factsWith([{ kind: "subscription.ended", tone: "warning" }]);

    expect(strongestTone(Array.from({ length: 200_000 }, () => change))).toBe("warning");
  });

  it("calls a customer by name, else e-mail, else external id, else id", () => {
    const none = { id: "c1", name: null, email: null, external_id: null };

    expect(customerLabel({ ...none, name: " Ada ", email: "a@b.example" })).toBe("Ada");
    expect(customerLabel({ ...none, name: " ", email: "a@b.example" })).toBe("a@b.example");
    expect(customerLabel({ ...none, external_id: "usr_1" })).toBe("usr_1");
    expect(customerLabel(none)).toBe("c1");
  });

  it.each(["\u200B", "\u3164", "\u0000\u0007", "\u2800", "\u2060\uFEFF \u00AD"])(
    "takes %j for no name, as nobody can see it",
    (name) => {
      const label = customerLabel({ id: "c1", name, email: "a@b.example", external_id: null });

      expect(label).toBe("a@b.example");
    },
  );

  it("takes a name of which anything can be seen", () => {
    expect(customerLabel({ id: "c1", name: "A\u200Bda", email: null, external_id: null })).toBe(
      "A\u200Bda",
    );
  });

  it("has a shape for every path that an event of ours holds", () => {
    const paths = pathsOf(
      factsWith([
        { kind: "group.added", group: { id: "g", key: "k", name: "n", color: "#fff" }, amount: 1 },
      ]),
      [],
    );

    expect(paths.length).toBeGreaterThan(40);
    expect(paths.filter((path) => shapeAt(FACTS_SHAPE, path) === undefined)).toEqual([]);
  });

  it("knows no shape at a path that no event has", () => {
    expect(shapeAt(FACTS_SHAPE, ["customer", "nme"])).toBeUndefined();
    expect(shapeAt(FACTS_SHAPE, ["customer", "constructor"])).toBeUndefined();
    expect(shapeAt(FACTS_SHAPE, ["data", "anything", "goes"])).toEqual({ type: "any" });
  });
});

describe("suggesting what was meant", () => {
  it.each([
    ["polr", "polar"],
    ["sends", "send"],
    ["custmoer", "customer"],
    ["Channel", "channel"],
  ])("takes %s for %s", (word, meant) => {
    expect(suggest(word, ["polar", "send", "customer", "channel", "stop"])).toBe(meant);
  });

  it("suggests nothing far-fetched", () => {
    expect(suggest("xyz", ["polar", "plain"])).toBeUndefined();
    expect(didYouMean("xyz", ["polar"])).toBe("");
  });
});

function pathsOf(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, path));
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]));
}

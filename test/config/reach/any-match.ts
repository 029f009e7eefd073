import * as fc from "fast-check";
import type { Match } from "../../../src/core/match.ts";

/** Paths, and conditions that a match may have there. */
export type Conditions = readonly (readonly [path: string, conditions: readonly unknown[]])[];

const CONDITIONS: Conditions = [
  [
    "event",
    ["order.paid", "customer.*", "*", ["order.paid", "customer.state_changed"], { not: "order.*" }],
  ],
  ["source.type", ["polar", "plain", { not: "plain" }]],
  ["source.name", ["help", ["polar", "help"], { not: ["h*"] }]],
  [
    "changes.kind",
    [
      "group.added",
      "subscription.*",
      "event.received",
      ["benefit.granted", "*.ended"],
      { not: "group.*" },
    ],
  ],
  ["change.kind", ["group.added", "subscription.*", { not: ["group.added", "event.received"] }]],
  ["changes.tone", ["bad", ["info", "good"], { not: "bad" }]],
  ["tone", ["bad", ["info", "good"]]],
  ["changes.group.key", ["a", "a*", { exists: true }, { exists: false }, { not: "b" }]],
  ["group.key", ["a", "*b", ["a", "b"], { exists: false }, { not: ["a", null] }]],
  ["subscription", [{ exists: true }, { exists: false }]],
  [
    "subscription.amount",
    [5, [1, 10], { gt: 1 }, { gte: 5, lt: 10 }, { lte: 5, not: 5 }, { gt: 5, lt: 10 }],
  ],
  ["changes.subscription.amount", [5, { gt: 1 }, { gte: 10 }, { exists: false }]],
  ["changes.actor.label", ["a", null, { not: null }]],
  ["changes.fields", ["amount", { not: "amount" }, { exists: false }]],
  ["change.before.amount", [5, { lt: 5 }]],
  ["customer.name", ["Ada", null, [null, "Bo"], { not: null }, { exists: false }, "A*"]],
  [
    "data.data",
    [5, { gt: 1 }, { lt: 4 }, { gt: 1, lt: 4 }, "A*", null, { exists: true }, { not: 1 }],
  ],
];

/** A match of such conditions; of all kinds, some of which imply each other, unless given. */
export function anyMatch(from: Conditions = CONDITIONS): fc.Arbitrary<Match> {
  const { match } = fc.letrec<{ match: Match }>((tie) => ({
    match: fc
      .record(
        {
          entries: fc.uniqueArray(
            fc
              .constantFrom(...from)
              .chain(([path, conditions]) =>
                fc.constantFrom(...conditions).map((one) => [path, one]),
              ),
            { maxLength: 3, selector: ([path]) => path },
          ),
          any: fc.option(fc.array(tie("match"), { minLength: 1, maxLength: 2 }), { freq: 4 }),
          not: fc.option(tie("match"), { freq: 4 }),
        },
        {},
      )
      .map(({ entries, any, not }) => ({
        ...(Object.fromEntries(entries) as Match),
        ...(any !== null && { any }),
        ...(not !== null && Object.keys(not).length > 0 && { not }),
      })),
  }));
  return match;
}

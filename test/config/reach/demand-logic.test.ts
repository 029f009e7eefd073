import * as fc from "fast-check";
import { expect, test } from "vitest";
import { celReach } from "../../../src/config/reach/cel-reach.ts";
import { canHold, isImplied } from "../../../src/config/reach/demand-logic.ts";
import { demandsOf } from "../../../src/config/reach/demands.ts";
import { type EventSort, eventSorts } from "../../../src/config/reach/event-sorts.ts";
import { compileWhen } from "../../../src/config/routes/when.ts";
import { type Change, change, type Subscription } from "../../../src/core/change.ts";
import { type Facts, factsOf } from "../../../src/core/facts.ts";
import type { Json } from "../../../src/core/json.ts";
import { matcher } from "../../../src/core/match.ts";
import { anyMatch } from "./any-match.ts";

const SOURCES = { polar: { type: "polar", meters: "all" }, help: { type: "plain" } };
const SORTS = eventSorts(SOURCES).configured;

test("what an event meets is never held to be impossible for its sort", () => {
  let met = 0;
  fc.assert(
    fc.property(anyEvent(), anyMatch(), ({ sort, facts }, match) => {
      if (matcher(match)(facts) !== undefined) return;
      met++;
      expect(canHold(demandsOf([{ value: match, path: [] }]), sort)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(met).toBeGreaterThan(100);
});

test("an event that meets a match meets every match that it is held to imply", () => {
  let implied = 0;
  fc.assert(
    fc.property(anyEvent(), anyMatch(), anyMatch(), ({ sort, facts }, given, asked) => {
      const isHeldToBe = isImplied(
        demandsOf([{ value: given, path: [] }]),
        demandsOf([{ value: asked, path: [] }]),
        sort,
      );
      if (!isHeldToBe || matcher(given)(facts) !== undefined) return;
      implied++;
      expect(matcher(asked)(facts)).toBeUndefined();
    }),
    { numRuns: 4_000 },
  );
  expect(implied).toBeGreaterThan(20);
});

test.each([
  "changes.exists(c, c.kind == 'group.added' && has(c.actor))",
  "has(subscription.amount) && subscription.amount > 5",
  "!has(subscription.id) || change.kind != 'subscription.ended'",
  "change.kind in ['subscription.started', 'group.removed'] ? tone == 'bad' : source.type == 'plain'",
  "changes.all(c, !has(c.benefit)) && event != 'order.paid'",
  "changes.exists_one(c, c.tone == 'info') || size(changes) > 1",
  "!(event in ['customer.state_changed', 'order.paid'])",
  "source.name == 'help' && (tone < 'good' || group.key == 'a')",
])("`%s` is neither held to be impossible nor certain against what events say", (text) => {
  const compiled = compileWhen(text);
  if (!("matcher" in compiled)) throw new Error(compiled.flaws[0]?.message);
  const [reach] = celReach(text);

  fc.assert(
    fc.property(anyEvent(), ({ sort, facts }) => {
      const holds = compiled.matcher(facts) === undefined;
      if (holds) expect(reach.canHold(sort)).toBe(true);
      else expect(reach.isAlways(sort)).toBe(false);
    }),
    { numRuns: 500 },
  );
});

/** An event of a sort, with changes that the sort can tell. */
function anyEvent(): fc.Arbitrary<{ readonly sort: EventSort; readonly facts: Facts }> {
  return fc.constantFrom(...SORTS).chain((sort) =>
    fc
      .record({
        type: fc.constantFrom("order.paid", "thread.created"),
        changes: fc.array(anyChange(sort), { minLength: 1, maxLength: 3 }),
        name: fc.constantFrom(null, "Ada", "ada@x"),
        data: fc.constantFrom<Json>([], [1, 5], 3, "Ada", null),
      })
      .map(({ type, changes, name, data }) => {
        const [first, ...rest] = changes;
        if (first === undefined) throw new TypeError("There is at least one change.");
        const customer = {
          id: "c",
          label: "c",
          email: null,
          external_id: null,
          metadata: {},
          url: null,
        };
        const event = {
          type: sort.event ?? type,
          time: "2026-11-22T10:00:00Z",
          subject: "c",
          customer: name === "ada@x" ? null : { ...customer, name },
          payload: { data },
        };
        const source = { name: sort.source.name ?? "", type: sort.source.type, label: "" };
        return { sort, facts: factsOf(event, source, [first, ...rest]) };
      }),
  );
}

function anyChange(sort: EventSort): fc.Arbitrary<Change> {
  return fc
    .record({
      told: fc.constantFrom(...sort.changes),
      tone: fc.constantFrom("info", "good", "bad" as const),
      amount: fc.constantFrom(1, 5, 10),
      key: fc.constantFrom("a", "ab", "b"),
      isBare: fc.boolean(),
    })
    .map(({ told, tone, amount, key, isBare }) => {
      const carried: Partial<Change> = {
        subscription: { id: key, amount, seats: null } as Subscription,
        benefit: { id: key, name: key, type: key },
        group: { id: key, key, name: key, color: null },
        actor: isBare ? null : { type: "user", id: null, label: key },
        fields: isBare ? [] : ["amount", "name"],
        before: isBare ? null : { amount },
      };
      const own = told.carries.filter((name) => name in carried);
      const facts = Object.fromEntries(own.map((name) => [name, carried[name]]));
      return change({ kind: told.kind, summary: "x", tone, ...facts });
    });
}

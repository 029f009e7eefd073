import { expect, test } from "vitest";
import { compileWhen } from "../../../src/config/routes/when.ts";
import { change } from "../../../src/core/change.ts";
import { factsOf, type Facts } from "../../../src/core/facts.ts";
import type { JsonObject } from "../../../src/core/json.ts";

const subscription = {
  id: "sub-1",
  name: "Pro",
  product_id: "prod-1",
  status: "active",
  amount: 20_000,
  currency: "usd",
  interval: "month",
  started_at: "2026-10-01T00:00:00Z",
  ends_at: null,
  period_start: "2026-11-01T00:00:00Z",
  period_end: null,
  trial_end: null,
  seats: null,
  units: null,
  discount_id: null,
  metadata: { plan: "big", limit: 2.5 },
};

function facts(payload: JsonObject = { order: { total: 1250, tax: 2.5, note: null } }): Facts {
  const event = {
    type: "customer.state_changed",
    time: "2026-11-22T10:00:00Z",
    subject: "cus-1",
    customer: {
      id: "cus-1",
      label: "Ada",
      name: "Ada",
      email: "ada@example.com",
      external_id: null,
      metadata: {},
      url: null,
    },
    payload,
  };
  const ended = change({
    kind: "subscription.ended",
    summary: "The subscription ended.",
    tone: "bad",
    subscription,
  });
  const updated = change({
    kind: "customer.updated",
    summary: "The name changed.",
    tone: "info",
    fields: ["name"],
  });
  return factsOf(event, { name: "polar", type: "polar", label: "Polar" }, [ended, updated]);
}

test.each([
  "changes.exists(c, has(c.subscription) && c.subscription.amount >= 10000)",
  "changes.exists(c, c.subscription.amount == 20000)",
  "changes.filter(c, has(c.subscription)).size() == 1",
  "changes.exists_one(c, 'name' in c.fields)",
  "changes[0].kind == 'subscription.ended' && tone == 'bad'",
  "change.kind in ['subscription.ended', 'group.added']",
  "subscription.amount + 1 > 20000",
  "subscription.amount * 1.5 == 30000.0",
  "subscription.amount / 100 >= 200",
  "subscription.amount > 19999.5",
  "!has(subscription.ends_at) && has(subscription.started_at)",
  "!has(group.key)",
  "has(customer.email) && customer.email.endsWith('@example.com')",
  "subscription.metadata.limit * 2 == 5.0",
  "data.order.total + 1 == 1251",
  "data.order.tax < 3",
  "!has(data.order.note)",
  "timestamp(time) > timestamp('2026-01-01T00:00:00Z')",
  "event.startsWith('customer.') && source.type == 'polar'",
  'customer.name == "Ada" ? true : false',
])("%s holds", (text) => {
  const when = compileWhen(text);

  expect(when).toHaveProperty("matcher");
  expect("matcher" in when && when.matcher(facts())).toBe(undefined);
});

test("a condition that does not hold is a miss that shows it", () => {
  const when = compileWhen("tone == 'good'");

  const miss = "matcher" in when && when.matcher(facts());

  expect(miss).toEqual({ path: "when", expected: "tone == 'good'", actual: "false" });
});

test("a condition is shown as the config writes it", () => {
  const when = compileWhen("customer.name == 's3cret'", "customer.name == '${NAME}'");

  const miss = "matcher" in when && when.matcher(facts());

  expect(miss).toMatchObject({ expected: "customer.name == '${NAME}'" });
});

test.each([
  ["a fact that is not there", "group.key == 'enterprise'", "an error: No such key: key"],
  ["a payload without the field", "data.order.nothing > 5", "an error: No such key: nothing"],
  [
    "a number that is a text",
    "data.order > 5",
    "an error: no such overload: dyn<map<string, int>> > int",
  ],
])("%s is a miss, not an error", (_, text, actual) => {
  const when = compileWhen(text);

  const miss = "matcher" in when && when.matcher(facts());

  expect(miss).toEqual({ path: "when", expected: text, actual });
});

test("a payload nested too deep to be converted is a miss", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`) as JsonObject;
  const when = compileWhen("has(data.a)");

  const miss = "matcher" in when && when.matcher(facts(deep));

  expect(miss).toMatchObject({ path: "when", actual: expect.stringMatching(/^an error: /) });
});

test("a key of the payload named __proto__ is a field like any other", () => {
  const payload = JSON.parse('{"__proto__": {"amount": 5}}') as JsonObject;
  const when = compileWhen("has(data.amount)");

  const miss = "matcher" in when && when.matcher(facts(payload));

  expect(miss).toMatchObject({ actual: "false" });
});

test.each([
  ["changes.exists(c, c.knd == 'x') && custmer.name == 'y'", [20, 35]],
  ["has(change.subscripton)", [11]],
  ["subscription.matches('x')", [13]],
  ["tone == 'awful' || change.kind in ['group.aded', 'group.added']", [8, 35]],
  ["change['subscripton'].amount > 5", [8]],
  ["size(changes) + 'x' == 5", [0]],
  ["", [0]],
])("%s is refused at load, each mistake at its place", (text, places) => {
  const when = compileWhen(text);

  expect("flaws" in when && when.flaws.map(({ start }) => start)).toEqual(places);
});

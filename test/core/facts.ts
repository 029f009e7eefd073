import type { Change, Group, Subscription } from "../../src/core/change.ts";
import { change } from "../../src/core/change.ts";
import type { Facts } from "../../src/core/facts.ts";
import { factsOf } from "../../src/core/facts.ts";

const SUBSCRIPTION: Subscription = {
  id: "s1",
  name: "Pro",
  product_id: "p1",
  status: "active",
  amount: 4900,
  currency: "usd",
  interval: "month",
  started_at: "2026-11-01T00:00:00Z",
  ends_at: null,
  period_start: "2026-11-01T00:00:00Z",
  period_end: "2026-12-01T00:00:00Z",
  trial_end: null,
  seats: null,
  units: null,
  discount_id: null,
  metadata: {},
};

/** Facts with the given changes, in the order given where their kinds weigh the same. */
export function factsWith(
  given: readonly { kind: Change["kind"]; group?: Group; amount?: number; tone?: Change["tone"] }[],
): Facts {
  const [first, ...rest] = given.map(({ kind, group, amount, tone = "info" }) =>
    change({
      kind,
      tone,
      summary: `${kind}.`,
      group: group ?? null,
      subscription: amount === undefined ? null : { ...SUBSCRIPTION, amount },
    }),
  );
  if (first === undefined) throw new Error("Facts need a change.");
  const facts = factsOf(
    {
      type: "customer.state_changed",
      time: "2026-11-22T10:00:00Z",
      subject: "c1",
      customer: {
        id: "c1",
        label: "Ada",
        name: "Ada",
        email: "ada@northwind.example",
        external_id: null,
        metadata: { plan: "gold" },
        url: null,
      },
      payload: { data: { nested: 1 } },
    },
    { name: "polar", type: "polar", label: "Polar" },
    [first, ...rest],
  );
  return { ...facts, changes: [first, ...rest] };
}

import type { Change, Subscription } from "../../src/core/change.ts";
import { change } from "../../src/core/change.ts";
import type { Customer } from "../../src/core/event.ts";
import type { Facts } from "../../src/core/facts.ts";
import { factsOf } from "../../src/core/facts.ts";
import type { JsonObject } from "../../src/core/json.ts";

/** What a test's event is about; what it does not say is as below. */
export interface Given {
  readonly type?: string;
  readonly time?: string;
  readonly customer?: Partial<Customer> | null;
  readonly changes?: readonly [Change, ...Change[]];
  readonly payload?: JsonObject;
}

export function factsFor({ type, time, customer, changes, payload }: Given = {}): Facts {
  return factsOf(
    {
      type: type ?? "customer.state_changed",
      time: time ?? "2026-11-21T11:03:31.207745Z",
      subject: "cus_1",
      customer: customer === null ? null : { ...ada, ...customer },
      payload: payload ?? {},
    },
    { name: "billing", type: "polar", label: "Polar" },
    changes ?? [upgrade],
  );
}

export const ada: Customer = {
  id: "cus_1",
  label: "Ada Lindqvist",
  name: "Ada Lindqvist",
  email: "ada@northwind.example",
  external_id: "usr_1337",
  metadata: {},
  url: "https://vendor.example/customers/cus_1",
};

export const scale: Subscription = {
  id: "sub_1",
  name: "Scale",
  product_id: "prod_2",
  status: "active",
  amount: 19900,
  currency: "usd",
  interval: "month",
  started_at: "2026-11-03T10:24:10Z",
  ends_at: null,
  period_start: "2026-11-03T10:24:10Z",
  period_end: "2026-12-03T10:24:10Z",
  trial_end: null,
  seats: null,
  units: null,
  discount_id: null,
  metadata: {},
};

export const upgrade: Change = change({
  kind: "subscription.plan_changed",
  tone: "good",
  summary: "Upgraded from Pro to Scale ($49.00 → $199.00 per month).",
  subscription: scale,
  fields: ["name", "product_id", "amount"],
  before: { name: "Pro", product_id: "prod_1", amount: 4900 },
  after: { name: "Scale", product_id: "prod_2", amount: 19900 },
});

export function granted(name: string): Change {
  return change({
    kind: "benefit.granted",
    tone: "info",
    summary: `Benefit granted: ${name}.`,
    benefit: { id: `ben_${name}`, name, type: "custom" },
  });
}

export function added(name: string): Change {
  return change({
    kind: "group.added",
    tone: "info",
    summary: `Added to the group ${name} by Dana Smith.`,
    group: { id: `grp_${name}`, key: name.toLowerCase(), name, color: null },
    actor: { type: "user", id: "u_1", label: "Dana Smith" },
  });
}

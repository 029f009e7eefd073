import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, samplePayload } from "../samples.ts";
import { polarSource, samples, state, walk } from "./states.ts";

const source = polarSource({ organization: "acme" });

const CUSTOMER_FIELDS =
  "created_at name email email_verified billing_name billing_address tax_id external_id type locale default_payment_method_id metadata".split(
    " ",
  );

const SUBSCRIPTION_FIELDS =
  "created_at started_at trial_end discount_id seats units metadata".split(" ");

function event(type: string, data: JsonObject) {
  return source.parse(bodyOf({ type, timestamp: "2026-12-01T00:00:00Z", data }));
}

describe("a state that Polar sent", () => {
  it("is an event about its customer", () => {
    const [body] = samples("created");

    const parsed = source.parse(body ?? Buffer.of());

    expect(parsed).toEqual({
      type: "customer.state_changed",
      time: "2026-11-03T10:21:44.211874Z",
      subject: "992fae2a-2a17-4b7a-8d9e-e287cf90131b",
      customer: {
        id: "992fae2a-2a17-4b7a-8d9e-e287cf90131b",
        label: "Ada Lindqvist",
        name: "Ada Lindqvist",
        email: "ada@northwind.example",
        external_id: "usr_1337",
        metadata: {},
        url: "https://polar.sh/dashboard/acme/customers/992fae2a-2a17-4b7a-8d9e-e287cf90131b",
      },
      payload: samplePayload("polar/created.json"),
    });
  });

  it("has no address at Polar while the organization is not known", () => {
    expect(polarSource().parse(state()).customer?.url).toBeNull();
  });

  it("never shows what Polar made of a deleted customer's name and address", () => {
    const hash = "ab12".repeat(16);

    const { customer } = source.parse(
      state({ data: { name: hash, email: `${hash}@anonymized.polar.sh` } }),
    );

    expect(customer).toMatchObject({ name: null, email: null, label: "usr_1337" });
  });

  it("finds the external id of a deleted customer where Polar keeps it", () => {
    const { customer } = source.parse(
      state({
        data: {
          external_id: null,
          metadata: { __external_id: "usr_1", __anonymized_at: "x", plan: "gold", vip: true },
        },
      }),
    );

    expect(customer).toMatchObject({
      external_id: "usr_1",
      metadata: { plan: "gold", vip: true },
    });
  });

  it("may be of a team without an address, and hold values that nobody has heard of", () => {
    const body = state({
      data: { type: "consortium", email: null, name: null, external_id: null, new_field: [1] },
      subscription: { status: "hibernating", recurring_interval: "decade" },
    });

    expect(source.parse(body).customer?.label).toBe("992fae2a-2a17-4b7a-8d9e-e287cf90131b");
  });

  it("may lack the fields that Polar added over the years", () => {
    const data = samplePayload("polar/created.json")["data"] as JsonObject;
    const { type, locale, billing_name, default_payment_method_id, ...older } = data;

    expect([type, locale, billing_name, default_payment_method_id]).not.toContain(undefined);
    expect(event("customer.state_changed", older).customer?.name).toBe("Ada Lindqvist");
  });

  it.each([null, 7, "?", {}, [], [[{}]], true])(
    "may hold %j in every field that no sentence needs, and is compared all the same",
    (odd) => {
      const body = state({
        time: "2026-12-02T00:00:00Z",
        data: {
          ...Object.fromEntries(CUSTOMER_FIELDS.map((field) => [field, odd])),
          active_meters: [],
          granted_benefits: [],
        },
        subscription: Object.fromEntries(SUBSCRIPTION_FIELDS.map((field) => [field, odd])),
      });

      const [, comparison] = walk(source, [state(), body]);

      expect(comparison).toMatchObject({ isStale: false, snapshot: expect.anything() });
    },
  );

  it("may nest what is only compared as deep as it likes", () => {
    let nested: JsonObject = {};
    for (let depth = 0; depth < 2_000; depth++) nested = { nested };

    const [comparison] = walk(source, [state({ data: { tax_id: nested } })]);

    expect(comparison).toMatchObject({ isStale: false, snapshot: expect.anything() });
  });

  it("takes a blank external id for none", () => {
    const { customer } = source.parse(state({ data: { external_id: "" } }));

    expect(customer?.external_id).toBeNull();
  });

  it("is refused with the paths that do not fit", () => {
    const body = state({
      data: { id: null },
      subscription: { amount: "49" },
    });

    expect(() => source.parse(body)).toThrow(
      expect.objectContaining({
        name: "PayloadError",
        paths: ["data.id", "data.active_subscriptions[0].amount"],
      }),
    );
  });
});

describe("another event of Polar's", () => {
  const customer = { id: "c1", name: "Ada", email: "ada@example.com" };

  it.each([
    ["customer.created", customer, "c1", "Ada"],
    ["order.paid", { id: "o1", customer }, "c1", "Ada"],
    ["checkout.updated", { id: "k1", customer_id: "c1", customer_name: "Ada" }, "c1", "Ada"],
    ["member.created", { id: "m1", customer_id: "c1", name: "Not Ada" }, "c1", "c1"],
    ["order.created", { id: "o1", customer: null, customer_id: "c1" }, "c1", "c1"],
    ["product.updated", { id: "p1", name: "Pro" }, "p1", undefined],
    ["checkout.created", { id: "k1", customer_id: null }, "k1", undefined],
    ["checkout.created", { id: "k1", customer_id: null, customer_name: "Ada" }, "k1", "Ada"],
    ["checkout.expired", { id: "k1", customer_email: "a@example.com" }, "k1", "a@example.com"],
    ["order.created", { id: "o1", customer_id: null, customer_name: "Ada" }, "o1", undefined],
    ["thing.happened", {}, "thing.happened", undefined],
  ])("of type %s is about whom %j names", (type, data, subject, label) => {
    const parsed = event(type, data);

    expect(parsed).toMatchObject({ type, subject });
    expect(parsed.customer?.label).toBe(label);
  });

  it.each([
    ["order.paid", "Order paid."],
    ["...", "Event received."],
    ["benefit_grant.revoked", "Benefit grant revoked."],
    ["subscription.past_due", "Subscription past due."],
    ["customer_seat.assigned", "Customer seat assigned."],
  ])("of type %s is told as received", (type, summary) => {
    const comparison = source.changes(event(type, { id: "x" }), undefined);

    expect(comparison).toMatchObject({
      isStale: false,
      changes: [{ kind: "event.received", tone: "info", summary }],
    });
    expect(comparison).not.toHaveProperty("snapshot");
  });

  it("of somebody who is no customer yet has no address at Polar", () => {
    const parsed = event("checkout.created", { id: "k1", customer_email: "a@example.com" });

    expect(parsed.customer).toMatchObject({ id: "k1", email: "a@example.com", url: null });
  });

  it("is refused without an object for its data", () => {
    const body = bodyOf({ type: "order.paid", timestamp: "2026-12-01T00:00:00Z", data: [] });

    expect(() => source.parse(body)).toThrow(expect.objectContaining({ paths: ["data"] }));
  });
});

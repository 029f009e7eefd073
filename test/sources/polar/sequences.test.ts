import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { bodyOf, samplePayload } from "../samples.ts";
import { lines, polarSource, samples, snapshotOf, state, told, walk } from "./states.ts";

const source = polarSource();

function story(...names: string[]): string[][] {
  return walk(source, samples(...names)).map((comparison) => lines(told(comparison)));
}

const BENEFITS = ["License keys", "Discord role", "Feature flag", "Meter credits"];
const GRANTED = BENEFITS.map((name) => `benefit.granted (info): Benefit granted: ${name}.`);
const REVOKED = BENEFITS.map((name) => `benefit.revoked (info): Benefit revoked: ${name}.`);

describe("the states of a customer in sequence", () => {
  it("tell of a customer who subscribes, cancels and leaves", () => {
    const days = story("created", "subscribed", "cancellation-scheduled", "subscription-gone");

    expect(days).toEqual([
      ["customer.created (good): The customer was created."],
      [
        "subscription.started (good): Subscribed to Pro for $49.00 per month.",
        ...GRANTED,
        "customer.updated (info): Email verification, billing address, tax ID, language and payment method updated.",
      ],
      [
        "subscription.cancellation_scheduled (warning): The subscription to Pro is set to end on 3 December 2026.",
      ],
      [
        "subscription.ended (bad): The subscription to Pro is no longer active. It was set to end on 3 December 2026.",
        ...REVOKED,
      ],
    ]);
  });

  it("tell of a customer who upgrades", () => {
    const days = story("subscribed", "plan-changed");

    expect(days).toEqual([
      [
        "subscription.started (good): Subscribed to Pro for $49.00 per month.",
        "customer.created (good): The customer was created.",
        ...GRANTED,
      ],
      [
        "subscription.plan_changed (good): Upgraded from Pro to Scale ($49.00 → $199.00 per month).",
      ],
    ]);
  });

  it("tell of a customer who is deleted", () => {
    const [, deletion] = story("subscribed", "deleted");

    expect(deletion).toEqual([
      "customer.deleted (bad): The customer was deleted.",
      "subscription.ended (bad): The subscription to Pro is no longer active.",
      ...REVOKED,
    ]);
  });

  it("tell of a customer who upgrades and is deleted, even though the sample's deletion bears an older time", () => {
    const [, , last, again] = walk(
      source,
      samples("subscribed", "plan-changed", "deleted", "deleted"),
    );

    expect(lines(told(last))).toEqual([
      "customer.deleted (bad): The customer was deleted.",
      "subscription.ended (bad): The subscription to Scale is no longer active.",
      ...REVOKED,
    ]);
    expect(again).toEqual({ isStale: true });
  });

  it("tell nothing of the same event again", () => {
    const sequence = samples(
      "created",
      "subscribed",
      "cancellation-scheduled",
      "subscription-gone",
    );

    const comparisons = walk(
      source,
      sequence.flatMap((body) => [body, body]),
    );

    const repetitions = comparisons.filter((_, index) => index % 2 === 1);
    expect(repetitions).toEqual(sequence.map(() => ({ isStale: true })));
  });

  it("tell nothing of an equal state that was sent again later", () => {
    const [, again] = walk(source, [state(), state({ time: "2026-12-01T00:00:05Z" })]);

    expect(again).toMatchObject({ isStale: false, changes: [] });
  });

  it("tell nothing of an older state, and keep the newer one", () => {
    const [, stale, newest] = walk(source, [
      state({ time: "2026-12-01T00:00:00.000002Z" }),
      state({ time: "2026-12-01T00:00:00.000001Z", subscription: null }),
      state({ time: "2026-12-01T00:00:00.000003Z" }),
    ]);

    expect(stale).toEqual({ isStale: true });
    expect(newest).toMatchObject({ isStale: false, changes: [] });
  });

  it("leave the snapshot alone when an event of another type comes between", () => {
    const order = bodyOf({
      type: "order.paid",
      timestamp: "2027-01-01T00:00:00Z",
      data: { id: "o1", customer_id: "992fae2a-2a17-4b7a-8d9e-e287cf90131b" },
    });

    const [, received, next] = walk(source, [
      state(),
      order,
      state({ time: "2026-12-02T00:00:00Z", subscription: { amount: 5900 } }),
    ]);

    expect(received).toMatchObject({ isStale: false, changes: [{ summary: "Order paid." }] });
    expect(lines(told(next))).toEqual([
      "subscription.amount_changed (good): The price of Pro went from $49.00 to $59.00 per month.",
    ]);
  });

  it("tell nothing of lists in another order", () => {
    const payload = samplePayload("polar/subscribed.json");
    const data = payload["data"] as JsonObject;
    const [subscription] = data["active_subscriptions"] as [JsonObject];
    const subscriptions = ["s1", "s2", "s3", "s4"].map((id) => ({ ...subscription, id }));
    const grants = data["granted_benefits"] as JsonObject[];
    const meters = ["m1", "m2", "m3"].map((meter_id) => ({
      ...(data["active_meters"] as [JsonObject])[0],
      meter_id,
    }));
    const all = polarSource({ meters: "all" });

    fc.assert(
      fc.property(shuffled(subscriptions), shuffled(grants), shuffled(meters), (s, g, m) => {
        const lists = { active_subscriptions: s, granted_benefits: g, active_meters: m };
        const [, again] = walk(all, [
          state({
            data: {
              active_subscriptions: subscriptions,
              granted_benefits: grants,
              active_meters: meters,
            },
          }),
          state({ time: "2026-12-02T00:00:00Z", data: lists }),
        ]);
        expect(again).toMatchObject({ isStale: false, changes: [] });
      }),
    );
  });

  it("tell nothing of what no message shows", () => {
    const silent = {
      modified_at: "2026-12-02T00:00:00Z",
      avatar_url: null,
      first_user_event_at: null,
      brand_new_field: { of: ["any", "kind"] },
    };

    const [, again] = walk(source, [
      state(),
      state({
        time: "2026-12-02T00:00:00Z",
        data: silent,
        subscription: { modified_at: "2026-12-02T00:00:00Z", meters: [], price_id: "p" },
      }),
    ]);

    expect(again).toMatchObject({ isStale: false, changes: [] });
  });
});

function shuffled<T>(list: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(list, { minLength: list.length });
}

describe("after a customer's deletion", () => {
  it("nothing is kept but that it happened", () => {
    const [deleted] = walk(source, samples("deleted"));

    expect(deleted && snapshotOf(deleted)).toEqual({
      time: "2026-11-20T13:00:15.120377Z",
      state: { deleted: true },
    });
  });

  it("nothing more is told of that customer's state", () => {
    const deleted = { deleted_at: "2026-12-01T00:00:00Z" };

    const [, , later, latest] = walk(source, [
      state(),
      state({ time: "2026-12-02T00:00:00Z", data: deleted }),
      state({ time: "2026-12-03T00:00:00Z", data: deleted, subscription: null }),
      state({ time: "2026-12-04T00:00:00Z" }),
    ]);

    expect(later).toMatchObject({ isStale: false, changes: [] });
    expect(latest).toMatchObject({ isStale: false, changes: [] });
  });

  it("nothing is told of that customer's other events either", () => {
    const refund = bodyOf({
      type: "order.refunded",
      timestamp: "2027-01-01T00:00:00Z",
      data: { id: "o1", customer_id: "992fae2a-2a17-4b7a-8d9e-e287cf90131b" },
    });

    const [, , later] = walk(source, [...samples("subscribed", "deleted"), refund]);

    expect(later).toEqual({ isStale: false, changes: [] });
  });

  it("what its state still lists is over as well", () => {
    const deleted = { deleted_at: "2026-12-01T00:00:00Z" };

    const [, deletion] = walk(source, [
      state(),
      state({ time: "2026-12-02T00:00:00Z", data: deleted }),
    ]);

    expect(lines(told(deletion))).toEqual([
      "customer.deleted (bad): The customer was deleted.",
      "subscription.ended (bad): The subscription to Pro is no longer active.",
      ...REVOKED,
    ]);
  });

  it("only the deletion is told of a customer who was not known", () => {
    const [deletion] = walk(source, samples("deleted"));

    expect(lines(told(deletion))).toEqual(["customer.deleted (bad): The customer was deleted."]);
  });
});

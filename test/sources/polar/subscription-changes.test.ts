import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { changesBetween, lines, SCALE } from "./states.ts";

function change(before: JsonObject | null, after: JsonObject | null): string[] {
  const none = { granted_benefits: [] };
  return lines(
    changesBetween({ subscription: before, data: none }, { subscription: after, data: none }),
  );
}

/** A subscription without the field: what is `undefined` is not in JSON. */
function absent(field: string): JsonObject {
  return { [field]: undefined } as unknown as JsonObject;
}

describe("a subscription that starts", () => {
  it("is told with its price", () => {
    expect(change(null, { created_at: "2026-12-01T12:00:00Z" })).toEqual([
      "subscription.started (good): Subscribed to Pro for $49.00 per month.",
    ]);
  });

  it("is free when it costs nothing", () => {
    expect(change(null, { created_at: "2026-12-01T12:00:00Z", amount: 0 })).toEqual([
      "subscription.started (good): Subscribed to Pro for free.",
    ]);
  });

  it("is told as a trial with its end", () => {
    expect(
      change(null, {
        created_at: "2026-12-01T12:00:00Z",
        status: "trialing",
        trial_end: "2026-12-15T12:00:00Z",
      }),
    ).toEqual([
      "subscription.started (good): Started a trial of Pro until 15 December 2026 (then $49.00 per month).",
    ]);
  });

  it("is told with its end when that is already known", () => {
    expect(
      change(null, { created_at: "2026-12-01T12:00:00Z", ends_at: "2027-12-01T12:00:00Z" }),
    ).toEqual([
      "subscription.started (good): Subscribed to Pro for $49.00 per month. It is set to end on 1 December 2027.",
    ]);
  });

  it("is active again when it is older than the last state", () => {
    expect(change(null, {})).toEqual([
      "subscription.started (good): The subscription to Pro is active again ($49.00 per month).",
    ]);
  });

  it("is told as subscribed to when it was made long ago and only begins now", () => {
    const began = { created_at: "2026-11-01T00:00:00Z", started_at: "2026-12-01T23:59:00Z" };

    expect(change(null, began)).toEqual([
      "subscription.started (good): Subscribed to Pro for $49.00 per month.",
    ]);
  });

  it("is new when it is older than the last state by no more than a payment takes", () => {
    const none = { granted_benefits: [] };

    const changes = changesBetween(
      { time: "2026-12-01T00:00:05Z", subscription: null, data: none },
      {
        time: "2026-12-01T00:01:00Z",
        subscription: { created_at: "2026-12-01T00:00:00Z" },
        data: none,
      },
    );

    expect(lines(changes)).toEqual([
      "subscription.started (good): Subscribed to Pro for $49.00 per month.",
    ]);
  });

  it("carries the subscription, named and without what routes have no use for", () => {
    const [started] = changesBetween({ subscription: null }, { subscription: {} });

    expect(started?.subscription).toEqual({
      id: "e5149aae-e521-42b9-b24c-abb3d71eea2e",
      name: "Pro",
      product_id: "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23",
      status: "active",
      amount: 4900,
      currency: "usd",
      interval: "month",
      started_at: "2026-11-03T10:24:10.557120Z",
      ends_at: null,
      period_start: "2026-11-03T10:24:10.557120Z",
      period_end: "2026-12-03T10:24:10.557120Z",
      trial_end: null,
      seats: null,
      units: null,
      discount_id: null,
      metadata: { utm_source: "docs" },
    });
  });
});

describe("a subscription that left the list", () => {
  it("is no longer active, whatever the reason", () => {
    expect(change({}, null)).toEqual([
      "subscription.ended (bad): The subscription to Pro is no longer active.",
    ]);
  });

  it("is told with the end that it had been set to", () => {
    expect(change({ cancel_at_period_end: true }, null)).toEqual([
      "subscription.ended (bad): The subscription to Pro is no longer active. It was set to end on 3 December 2026.",
    ]);
  });
});

describe("a plan that changed", () => {
  it.each([
    [
      "costs less",
      { amount: 900 },
      "(warning): Downgraded from Pro to Scale ($49.00 → $9.00 per month).",
    ],
    ["costs the same", {}, "(info): Switched from Pro to Scale ($49.00 per month)."],
    [
      "is paid for each year",
      { amount: 49_000, recurring_interval: "year" },
      "(info): Switched from Pro to Scale ($49.00 per month → $490.00 per year).",
    ],
    [
      "is paid for in another currency",
      { amount: 6_900, currency: "EUR" },
      "(info): Switched from Pro to Scale ($49.00 → €69.00 per month).",
    ],
    [
      "has seats",
      { amount: 9900, seats: 3 },
      "(good): Upgraded from Pro to Scale ($49.00 → $99.00 per month). Seats went from none to 3.",
    ],
  ])("is told as one change when the new one %s", (_case, after, told) => {
    expect(change({}, { product_id: SCALE, ...after })).toEqual([
      `subscription.plan_changed ${told}`,
    ]);
  });

  it("says what was and what is", () => {
    const [changed] = changesBetween({}, { subscription: { product_id: SCALE, amount: 19_900 } });

    expect(changed).toMatchObject({
      fields: ["name", "product_id", "amount"],
      before: { name: "Pro", product_id: "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23", amount: 4900 },
      after: { name: "Scale", product_id: SCALE, amount: 19_900 },
      subscription: { name: "Scale", amount: 19_900 },
    });
  });
});

describe("seats and units", () => {
  it.each([
    [
      { seats: 5, amount: 5000 },
      { seats: 8, amount: 8000 },
      "(good): Seats of Pro went from 5 to 8 ($50.00 → $80.00 per month).",
    ],
    [{ seats: 8 }, { seats: 5 }, "(warning): Seats of Pro went from 8 to 5."],
    [{ units: 1000 }, { units: 2500 }, "(good): Units of Pro went from 1,000 to 2,500."],
    [
      { seats: 1, units: 2 },
      { seats: 2, units: 1 },
      "(good): Seats of Pro went from 1 to 2, and units from 2 to 1.",
    ],
  ])("go from %j to %j", (before, after, told) => {
    expect(change(before, after)).toEqual([`subscription.seats_changed ${told}`]);
  });
});

describe("a price that changed", () => {
  it.each([
    [{ amount: 5900 }, "(good): The price of Pro went from $49.00 to $59.00 per month."],
    [{ amount: 0 }, "(warning): The price of Pro went from $49.00 per month to free."],
    [
      { recurring_interval: "year" },
      "(info): The price of Pro went from $49.00 per month to $49.00 per year.",
    ],
    [{ currency: "krw" }, "(info): The price of Pro went from $49.00 to ₩4,900 per month."],
    [
      { amount: 3900, discount_id: "d1" },
      "(warning): The price of Pro went from $49.00 to $39.00 per month. A discount was added to Pro.",
    ],
    [
      { amount: 0, recurring_interval: "year" },
      "(info): The price of Pro went from $49.00 per month to free.",
    ],
    [{ discount_id: "d1" }, "(info): A discount was added to Pro."],
  ])("by %j is told from what to what", (after, told) => {
    expect(change({}, after)).toEqual([`subscription.amount_changed ${told}`]);
  });

  it.each([
    [null, "removed"],
    ["d2", "replaced"],
  ])("says that a discount became %s", (discount_id, word) => {
    expect(change({ discount_id: "d1" }, { discount_id })).toEqual([
      `subscription.amount_changed (info): The discount on Pro was ${word}.`,
    ]);
  });
});

describe("a trial", () => {
  it("that becomes a subscription is no renewal", () => {
    expect(
      change(
        { status: "trialing" },
        {
          status: "active",
          current_period_start: "2026-12-03T10:24:10Z",
          current_period_end: "2027-01-03T10:24:10Z",
        },
      ),
    ).toEqual([
      "subscription.trial_converted (good): The trial of Pro became a subscription for $49.00 per month.",
    ]);
  });
});

describe("a trial that becomes a subscription to another plan", () => {
  it("is told by the plan of the trial", () => {
    const told = change({ status: "trialing" }, { status: "active", product_id: SCALE });

    expect(told[0]).toBe(
      "subscription.trial_converted (good): The trial of Pro became a subscription to Scale for $49.00 per month.",
    );
  });
});

describe("a field that Polar only now begins to send", () => {
  it.each([
    { seats: 3 },
    { units: 1000 },
    { discount_id: "d1" },
    { trial_end: "2026-12-15T00:00:00Z" },
    { started_at: "2026-11-04T00:00:00Z" },
  ])("is no change: %j", (sent) => {
    const [field = ""] = Object.keys(sent);

    expect(change(absent(field), sent)).toEqual([]);
    expect(change(sent, absent(field))).toEqual([]);
  });

  it("is a change from null, which Polar sent", () => {
    expect(change({ seats: null }, { seats: 3 })).toEqual([
      "subscription.seats_changed (good): Seats of Pro went from none to 3.",
    ]);
  });
});

describe("a scheduled cancellation", () => {
  it("is told again when it moves to another day", () => {
    const before = { ends_at: "2026-12-03T10:24:10Z" };

    expect(change(before, { ends_at: "2027-01-03T10:24:10Z" })).toEqual([
      "subscription.cancellation_scheduled (warning): The subscription to Pro is now set to end on 3 January 2027 instead of 3 December 2026.",
    ]);
    expect(change(before, { ends_at: "2026-12-03T10:24:11Z" })).toEqual([]);
  });

  it("falls back on the end of the period", () => {
    expect(change({}, { cancel_at_period_end: true })).toEqual([
      "subscription.cancellation_scheduled (warning): The subscription to Pro is set to end on 3 December 2026.",
    ]);
  });

  it("can be without a date", () => {
    const open = { current_period_end: null };

    expect(change(open, { ...open, cancel_at_period_end: true })).toEqual([
      "subscription.cancellation_scheduled (warning): The subscription to Pro is set to end.",
    ]);
  });

  it("can be taken back", () => {
    expect(change({ cancel_at_period_end: true, ends_at: "2026-12-03T10:24:10Z" }, {})).toEqual([
      "subscription.cancellation_reverted (good): The subscription to Pro is no longer set to end on 3 December 2026.",
    ]);
  });

  it("shows when it takes effect in the change as well", () => {
    const [scheduled] = changesBetween({}, { subscription: { cancel_at_period_end: true } });

    expect(scheduled).toMatchObject({
      fields: ["ends_at"],
      before: { ends_at: null },
      after: { ends_at: "2026-12-03T10:24:10.557120Z" },
      subscription: { ends_at: "2026-12-03T10:24:10.557120Z" },
    });
  });
});

describe("a new period", () => {
  const next = {
    current_period_start: "2026-12-03T10:24:10.557120Z",
    current_period_end: "2027-01-03T10:24:10.557120Z",
  };

  it("is a renewal", () => {
    expect(change({}, next)).toEqual([
      "subscription.renewed (info): The subscription to Pro was renewed until 3 January 2027 for $49.00 per month.",
    ]);
  });

  it("of another plan is a renewal when the old period is over", () => {
    expect(change({}, { ...next, product_id: SCALE })).toEqual([
      "subscription.plan_changed (info): Switched from Pro to Scale ($49.00 per month).",
      "subscription.renewed (info): The subscription to Scale was renewed until 3 January 2027 for $49.00 per month.",
    ]);
  });

  it("of another plan is none when it cuts the old period short", () => {
    const early = { ...next, current_period_start: "2026-11-20T00:00:00Z" };

    expect(change({}, { ...early, product_id: SCALE })).toEqual([
      "subscription.plan_changed (info): Switched from Pro to Scale ($49.00 per month).",
    ]);
  });

  it("of another interval is none when it cuts the old period short", () => {
    const early = { ...next, current_period_start: "2026-11-20T00:00:00Z" };

    expect(change({}, { ...early, recurring_interval: "year" })).toEqual([
      "subscription.amount_changed (info): The price of Pro went from $49.00 per month to $49.00 per year.",
    ]);
  });

  it("that begins before the last one is none", () => {
    expect(change({}, { current_period_start: "2026-10-03T10:24:10Z" })).toEqual([]);
  });
});

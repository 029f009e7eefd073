import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { samplePayload } from "../samples.ts";
import type { Given } from "./states.ts";
import { lines, polarSource, SCALE, state, told, walk } from "./states.ts";

function first(given: Given, settings: JsonObject = {}): string[] {
  return lines(told(walk(polarSource(settings), [state(given)])[0]));
}

describe("the first state of a customer", () => {
  it("is a creation when the customer is at most five minutes old", () => {
    expect(
      first({
        time: "2026-11-03T10:26:44Z",
        subscription: null,
        data: { granted_benefits: [] },
      }),
    ).toEqual(["customer.created (good): The customer was created."]);
  });

  it("is a first sight when the customer is older than that", () => {
    expect(
      first({
        time: "2026-11-03T10:26:45Z",
        subscription: null,
        data: { granted_benefits: [] },
      }),
    ).toEqual([
      "customer.first_seen (info): The customer was seen for the first time, with nothing active.",
    ]);
  });

  it("names what is active, each benefit once", () => {
    const payload = samplePayload("polar/subscribed.json")["data"] as JsonObject;
    const [subscription] = payload["active_subscriptions"] as [JsonObject];
    const [license] = payload["granted_benefits"] as [JsonObject];

    const seen = first({
      data: {
        active_subscriptions: [
          subscription,
          { ...subscription, id: "s2", product_id: SCALE, status: "trialing", amount: 0 },
        ],
        granted_benefits: [license, { ...license, id: "g2" }],
      },
    });

    expect(seen).toEqual([
      "customer.first_seen (info): The customer was seen for the first time, with an active subscription to Pro ($49.00 per month), a trial of Scale (free) and the benefit License keys.",
    ]);
  });

  it("tells what has just begun as well", () => {
    const seen = first({
      time: "2026-12-01T00:00:00Z",
      subscription: { created_at: "2026-11-30T23:59:00Z" },
      data: { granted_benefits: [] },
    });

    expect(seen).toEqual([
      "subscription.started (good): Subscribed to Pro for $49.00 per month.",
      "customer.first_seen (info): The customer was seen for the first time, with an active subscription to Pro ($49.00 per month).",
    ]);
  });

  it("calls a product without a name by the first characters of its id", () => {
    const seen = first({ subscription: { product_id: "0123456789abcdef" } }, { names: {} });

    expect(seen[0]).toContain("an active subscription to product 01234567 ($49.00 per month)");
  });

  it("calls a benefit by its name, else by its type in words, also one that nobody knows", () => {
    const grant = { id: "g", created_at: "x", granted_at: "2026-11-03T10:24:13Z" };
    const granted_benefits = [
      { ...grant, id: "g1", benefit_id: "b1", benefit_type: "custom" },
      { ...grant, id: "g2", benefit_id: "b2", benefit_type: "github_repository" },
      { ...grant, id: "g3", benefit_id: "b3", benefit_type: "moon_landing" },
    ];

    const seen = first(
      { subscription: null, data: { granted_benefits } },
      { names: { benefits: { b1: "Private beta" } } },
    );

    expect(seen).toEqual([
      "customer.first_seen (info): The customer was seen for the first time, with the benefits Private beta, GitHub repository access and Moon landing.",
    ]);
  });
});

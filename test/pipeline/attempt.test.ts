import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { make, type Means } from "../../src/pipeline/attempt.ts";
import type { Claim } from "../../src/store/store.ts";
import { EVERYWHERE, type House, openHouse, PARTIES, sample } from "../end-to-end/house.ts";
import { processEvent } from "../../src/pipeline/process.ts";

describe("an attempt by a bridge that was held up", () => {
  let house: House;
  let means: Means;
  let claim: Claim;

  beforeEach(async () => {
    house = await openHouse({ config: PARTIES + EVERYWHERE });
    const { config, bridge } = house;
    const sources = new Map(config.sources.map((one) => [one.name, one]));
    const destinations = new Map(config.destinations.map((one) => [one.name, one]));
    const { templates, routes } = config;
    means = { sources, destinations, templates, giveUpAfterMs: 1e9, timeoutMs: 10_000 };
    const stored = { id: "evt_1", source: "polar", body: await sample("polar/created") };
    const rules = { revision: "1", sources, destinations, routes };
    const { changes } = processEvent(stored, undefined, rules, (kind) => `${kind}_1`);
    const { lane = "", account = "" } = destinations.get("slack-bot") ?? {};
    const at = Date.now();
    claim = {
      delivery: "dlv_1",
      event: { ...stored, changes },
      destination: "slack-bot",
      route: "a",
      lane,
      account,
      owner: "clm_1",
      template: null,
      form: "full",
      places: 1,
      attempt: 1,
      createdAt: at,
      acceptedAt: at,
      startedAt: at,
      doubtfulSince: null,
      doubtfulUntil: null,
      laneFailures: 0,
      accountFailures: 0,
      laneParked: null,
      accountParked: null,
    };
    await bridge.idle();
  });
  afterEach(() => house.close());

  const attempt = (isSure: () => boolean) => {
    const moments = { now: Date.now, turns: house.bridge.store, isShared: true, isSure };
    return make(claim, means, moments, AbortSignal.timeout(10_000));
  };

  it("sends nothing, because another bridge may be at the message by now", async () => {
    const { outcome } = await attempt(() => false);

    expect(outcome).toMatchObject({ kind: "retry", own: true, reason: { code: "held-up" } });
    expect(house.sandbox.requests).toBe(0);
  });

  it("sends nothing where that was while it rendered or looked for the message", async () => {
    let asked = 0;

    const { outcome } = await attempt(() => (asked += 1) === 1);

    expect(outcome).toMatchObject({ kind: "retry", own: true, reason: { code: "held-up" } });
    expect([asked, house.sandbox.requests]).toEqual([2, 0]);
  });

  it("sends the message where it was not for long", async () => {
    const { outcome } = await attempt(() => true);

    expect(outcome.kind).toBe("delivered");
    expect(house.sandbox.messages).toHaveLength(1);
  });
});

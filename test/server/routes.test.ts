import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RoutesAnswer } from "../../src/commands/routes-answer.ts";
import { type House, openHouse, PARTIES, sample } from "../end-to-end/house.ts";

const ROUTES = `
routes:
  - name: subscriptions
    match: { changes.kind: "subscription.*", source.name: "\${POLAR}" }
    send: [slack-bot, discord-bot]
    stop: true
    routes:
      - name: started
        match: { changes.kind: subscription.started }
      - match: { changes.kind: subscription.ended }
        send: slack-webhook
        template: customer-state
`;

describe("the API of routes", () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse({ config: PARTIES + ROUTES, env: { POLAR: "polar" } });
    await house.send("polar", await sample("polar/subscribed"));
    await house.send("polar", await sample("polar/order-paid"));
    await house.bridge.idle();
  });
  afterAll(async () => {
    await house.close();
  });

  const get = async (query = ""): Promise<{ status: number; body: RoutesAnswer }> => {
    const answer = await fetch(`${house.bridge.url}/api/routes${query}`);
    return { status: answer.status, body: (await answer.json()) as RoutesAnswer };
  };

  it("tells the tree as it is written, with what each route sent", async () => {
    const { body } = await get();

    expect(body).toEqual({
      revision: house.config.revision,
      since: expect.stringMatching(/Z$/),
      routes: [
        {
          name: "subscriptions",
          match: { "changes.kind": "subscription.*", "source.name": "${POLAR}" },
          when: null,
          send: ["slack-bot", "discord-bot"],
          template: null,
          stop: true,
          traffic: null,
          routes: [
            {
              name: "started",
              match: { "changes.kind": "subscription.started" },
              when: null,
              send: ["slack-bot", "discord-bot"],
              template: null,
              stop: false,
              traffic: { events: 1, messages: 2, last: expect.stringMatching(/Z$/) },
              routes: null,
            },
            {
              name: "route 1.2",
              match: { "changes.kind": "subscription.ended" },
              when: null,
              send: ["slack-webhook"],
              template: "customer-state",
              stop: false,
              traffic: { events: 0, messages: 0, last: null },
              routes: null,
            },
          ],
        },
      ],
      gone: [],
      unrouted: 1,
    });
  });

  it("counts since a time, 7 days unless given", async () => {
    const [week, later] = [await get(), await get("?since=2099-01-01T00:00:00Z")];

    const days = (Date.now() - Date.parse(week.body.since ?? "")) / 86_400_000;
    expect(Math.round(days)).toBe(7);
    expect(later.body).toMatchObject({ since: "2099-01-01T00:00:00.000Z", unrouted: 0 });
    expect(later.body.routes[0]?.routes?.[0]?.traffic?.events).toBe(0);
  });

  it("refuses a time that is none", async () => {
    const { status } = await get("?since=yesterday");

    expect(status).toBe(400);
  });
});

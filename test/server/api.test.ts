import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { request } from "node:http";
import {
  EVERYWHERE,
  exchanged,
  type House,
  openHouse,
  PARTIES,
  sample,
} from "../end-to-end/house.ts";

interface Listed {
  readonly events?: readonly {
    readonly id: string;
    readonly status: string;
    readonly customer: { label: string } | null;
  }[];
  readonly deliveries?: readonly { readonly destination: string }[];
  readonly next: string | null;
  readonly message?: string;
}

describe("the API", () => {
  let house: House;

  beforeAll(async () => {
    house = await openHouse();
    await house.send("polar", await sample("polar/subscribed"));
    await house.send("polar", await sample("polar/created"));
    await house.send("plain", Buffer.from("{"));
    await house.send("polar", await exchanged("polar/order-paid", { "Ada Lindqvist": "Grace" }));
    await house.bridge.idle();
  });
  afterAll(async () => {
    await house.close();
  });

  const get = async (path: string): Promise<{ status: number; body: Listed }> => {
    const answer = await fetch(house.bridge.url + path);
    return { status: answer.status, body: (await answer.json()) as Listed };
  };

  it("lists events, the newest first, with customer, status, changes, routes and deliveries", async () => {
    const { body } = await get("/api/events");

    expect(body.events?.map((one) => [one.status, one.customer?.label ?? null])).toEqual([
      ["sent", "Grace"],
      ["quarantined", null],
      ["stale", "Ada Lindqvist"],
      ["sent", "Ada Lindqvist"],
    ]);
    expect(body.events?.at(-1)).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      source: "polar",
      type: "customer.state_changed",
      time: "2026-11-03T10:24:15.018233Z",
      received: expect.stringMatching(/Z$/),
      subject: "992fae2a-2a17-4b7a-8d9e-e287cf90131b",
      routes: [{ name: "everything", matched: true }],
      deliveries: [{ destination: "slack-bot" }, {}, {}, {}],
    });
  });

  it("filters and pages", async () => {
    const stale = await get("/api/events?status=stale");
    const first = await get("/api/events?source=polar&limit=1");
    const second = await get(`/api/events?source=polar&limit=2&cursor=${first.body.next}`);
    const since = await get("/api/events?since=1h");
    const later = await get(`/api/events?since=${encodeURIComponent("2099-01-01T00:00:00Z")}`);
    const subject = await get("/api/events?subject=992fae2a-2a17-4b7a-8d9e-e287cf90131b");
    const to = await get("/api/deliveries?destination=discord-bot&status=delivered");

    expect(stale.body.events).toHaveLength(1);
    expect(first.body.events).toHaveLength(1);
    expect(second.body).toMatchObject({
      events: [{ status: "stale" }, { status: "sent" }],
      next: null,
    });
    expect(since.body.events).toHaveLength(4);
    expect(later.body.events).toEqual([]);
    expect(subject.body.events).toHaveLength(3);
    expect(to.body.deliveries?.map((one) => one.destination)).toEqual([
      "discord-bot",
      "discord-bot",
    ]);
  });

  it("shows one event whole: payload, attempts, and where the messages are", async () => {
    const { body } = await get("/api/events?status=sent");

    const whole = await get(`/api/events/${body.events?.at(-1)?.id}`);

    expect(whole.body).toMatchObject({
      payload: { type: "customer.state_changed" },
      revision: house.config.revision,
      deliveries: [
        {
          destination: "slack-bot",
          status: "delivered",
          template: "default",
          attempts: 1,
          message: { ref: { channel: "C024BE91L", id: expect.stringMatching(/^\d+\.\d+$/) } },
          history: [{ number: 1, outcome: "delivered", reason: null }],
        },
        {},
        {},
        {},
      ],
    });
  });

  it("shows one delivery, which names its event", async () => {
    const listed = await fetch(`${house.bridge.url}/api/deliveries?limit=1`);
    const [expected] = ((await listed.json()) as { deliveries: { id: string }[] }).deliveries;

    const one = await get(`/api/deliveries/${expected?.id}`);

    expect(one).toEqual({ status: 200, body: expected });
    expect(one.body).toMatchObject({ event: expect.stringMatching(/^evt_/) });
  });

  it.each([
    ["/api/events?limit=0", 400, "limit"],
    ["/api/events?limit=501", 400, "limit"],
    ["/api/events?status=lost", 400, "status"],
    ["/api/events?since=yesterday", 400, "since"],
    ["/api/events?cursor=x", 400, "cursor"],
    ["/api/deliveries?colour=red", 400, "colour"],
    ["/api/events/evt_none", 404, "evt_none"],
    ["/api/deliveries/dlv_none", 404, "dlv_none"],
    ["/api/nothing", 404, "/api/nothing"],
  ])("answers %s with %i and says what is wrong", async (path, status, named) => {
    const answer = await get(path);

    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(named);
  });

  it.each([
    ["through a proxy", { "x-forwarded-for": "203.0.113.7" }],
    ["through a proxy that says so in the standard way", { forwarded: "for=203.0.113.7" }],
    ["through a proxy that tells the address in its own way", { "x-real-ip": "203.0.113.7" }],
    ["through a proxy that names itself", { via: "1.1 proxy" }],
    ["from a web page of somebody else", { origin: "https://evil.example" }],
    ["for a name that a browser was led here by", { host: "evil.example" }],
  ])("without a token refuses a request that came %s", async (_, headers) => {
    expect(await statusOf(`${house.bridge.url}/api/events`, headers)).toBe(403);
  });

  it("leaves health and metrics open", async () => {
    const headers = { "x-forwarded-for": "203.0.113.7" };

    expect(await statusOf(`${house.bridge.url}/healthz`, headers)).toBe(200);
    expect(await statusOf(`${house.bridge.url}/readyz`, headers)).toBe(200);
    expect(await statusOf(`${house.bridge.url}/metrics`, headers)).toBe(200);
  });

  it("counts webhooks, events and attempts for Prometheus, without customers in it", async () => {
    const text = await (await fetch(`${house.bridge.url}/metrics`)).text();

    expect(text).toContain('bellhop_webhooks_total{source="polar",answer="accepted"} 3');
    expect(text).toContain('bellhop_webhooks_total{source="plain",answer="quarantined"} 1');
    expect(text).toContain('bellhop_events_total{source="polar",status="sent"} 2');
    expect(text).toContain('bellhop_attempts_total{destination="slack-bot",outcome="delivered"} 2');
    expect(text).toContain("bellhop_events_waiting 0");
    expect(text).not.toContain("Ada");
  });

  it("tells in /readyz what waits and what is parked", async () => {
    const ready = await (await fetch(`${house.bridge.url}/readyz`)).json();

    expect(ready).toEqual({
      status: "ready",
      revision: house.config.revision,
      events_waiting: 0,
      deliveries_waiting: 0,
      lanes_parked: 0,
      parked: [],
    });
  });
});

describe("the API with an admin token", () => {
  it("answers whoever has it, from anywhere, and nobody else", async () => {
    const token = "correct horse battery staple";
    const config = (PARTIES + EVERYWHERE).replace("port: 0", 'port: 0, admin_token: "${ADMIN}"');
    const house = await openHouse({ config, env: { ADMIN: token } });
    const url = `${house.bridge.url}/api/events`;
    const forwarded = { "x-forwarded-for": "203.0.113.7" };

    expect(await statusOf(url, {})).toBe(401);
    expect(await statusOf(url, { authorization: "Bearer wrong" })).toBe(401);
    expect(await statusOf(url, { authorization: `Basic ${token}` })).toBe(401);
    expect(await statusOf(url, { authorization: `Bearer ${token}`, ...forwarded })).toBe(200);
    await house.close();
  });
});

/** `fetch` does not let a caller choose the host header. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

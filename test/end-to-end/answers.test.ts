import { request } from "node:http";
import { connect } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beside, refuseWrites } from "../store/beside.ts";
import { type House, openHouse, sample } from "./house.ts";

describe("what a webhook is answered", () => {
  let house: House;
  let subscribed: Buffer;

  beforeAll(async () => {
    house = await openHouse();
    subscribed = await sample("polar/subscribed");
  });
  afterAll(async () => {
    await house.close();
  });

  it("202 accepted with the event's id, once the event is on disk", async () => {
    const answer = await house.send("polar", subscribed, { id: "first" });

    const rows = await beside(
      house.config.store,
      sql`select key from events where id = ${answer.body.id}`,
    );
    expect(answer).toMatchObject({ status: 202, body: { status: "accepted" } });
    expect(rows).toEqual([{ key: "first" }]);
  });

  it("202 duplicate with the first one's id for the same event again, and nothing else happens", async () => {
    const first = await house.send("polar", subscribed, { id: "twice" });
    await house.bridge.idle();
    house.posted();

    const again = await house.send("polar", subscribed, { id: "twice" });
    await house.bridge.idle();

    expect(again).toMatchObject({ status: 202, body: { status: "duplicate", id: first.body.id } });
    expect(Object.values(house.posted()).flat()).toEqual([]);
  });

  it.each([
    ["not JSON", "polar", Buffer.from("{")],
    ["not UTF-8", "polar", Buffer.from([0x7b, 0xff, 0x7d])],
    [
      "not of its type's schema",
      "polar",
      Buffer.from(
        '{"type":"customer.state_changed","timestamp":"2026-11-22T10:00:00Z","data":{"id":"c1"}}',
      ),
    ],
    ["empty", "plain", Buffer.from("")],
  ])(
    "202 quarantined for an authentic webhook that is %s; its bytes are kept and the operator is told",
    async (_, source, body) => {
      const answer = await house.send(source, body);

      const kept = await house.bridge.store.event(answer.body.id ?? "");
      expect(answer).toMatchObject({ status: 202, body: { status: "quarantined" } });
      expect(Buffer.from(kept?.body ?? [])).toEqual(body);
      expect(
        house.log.some(
          (line) => line.includes(answer.body.id ?? "-") && line.includes("quarantine"),
        ),
      ).toBe(true);
    },
  );

  it("202 accepted for an authentic event that no changes are computed for, which is told as received", async () => {
    const answer = await house.send("polar", await sample("polar/order-paid"));
    await house.bridge.idle();

    const event = await house.bridge.store.event(answer.body.id ?? "");
    expect(answer).toMatchObject({ status: 202, body: { status: "accepted" } });
    expect(event).toMatchObject({
      status: "sent",
      changes: [{ kind: "event.received", summary: "Order paid." }],
    });
  });

  it("401 with one and the same text for a missing, wrong or stale signature, and nothing is stored", async () => {
    const before = (await house.bridge.store.events({ limit: 500 })).items.length;
    const old = new Date(Date.now() - 301_000);

    const wrong = await house.send("polar", subscribed, {
      headers: { "webhook-signature": "v1,AAAA" },
    });
    const stale = await house.send("polar", subscribed, { at: old });
    const missing = await fetch(`${house.bridge.url}/webhooks/polar`, {
      method: "POST",
      body: "{}",
    });

    expect([wrong.status, stale.status, missing.status]).toEqual([401, 401, 401]);
    expect(stale.body).toEqual(wrong.body);
    expect(await missing.json()).toEqual(wrong.body);
    expect((await house.bridge.store.events({ limit: 500 })).items).toHaveLength(before);
  });

  it("404 for a source that the config does not have", async () => {
    const answer = await fetch(`${house.bridge.url}/webhooks/stripe`, {
      method: "POST",
      body: "{}",
    });

    expect(answer.status).toBe(404);
  });

  it.each(["GET", "PUT", "DELETE", "PATCH"])("405 for %s", async (method) => {
    const answer = await fetch(`${house.bridge.url}/webhooks/polar`, { method });

    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST");
  });

  it("413 for a body over the limit, signed or not", async () => {
    const answer = await house.send("polar", Buffer.alloc(1_048_577, " "));

    expect(answer.status).toBe(413);
  });

  it("a body of exactly the limit is taken", async () => {
    const answer = await house.send("polar", Buffer.alloc(1_048_576, " "));

    expect(answer).toMatchObject({ status: 202, body: { status: "quarantined" } });
  });

  it("whatever content type the sender claims", async () => {
    const answer = await house.send("polar", subscribed, {
      headers: { "content-type": "text/plain; charset=utf-16" },
    });

    expect(answer.status).toBe(202);
  });

  it("never a 5xx for a header that comes twice, or for a request that ends half-way", async () => {
    const twice = await new Promise<number | undefined>((resolve, reject) => {
      const headers = [
        "host",
        new URL(house.bridge.url).host,
        "webhook-id",
        "a",
        "webhook-id",
        "b",
        "webhook-signature",
        "v1,x",
        "webhook-signature",
        "v1,y",
      ];
      const sent = request(
        `${house.bridge.url}/webhooks/polar`,
        { method: "POST", headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sent.on("error", reject);
      sent.end("{}");
    });
    await new Promise<void>((resolve) => {
      const { port } = new URL(house.bridge.url);
      const socket = connect(Number(port), "127.0.0.1", () => {
        socket.end("POST /webhooks/polar HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
      });
      socket.on("close", () => resolve());
      socket.resume();
    });
    const after = await fetch(`${house.bridge.url}/healthz`);

    expect(twice).toBe(401);
    expect(after.status).toBe(200);
  });
});

describe("a store that cannot write", () => {
  it("is answered 503 with Retry-After, and the bridge recovers by itself", async () => {
    const house = await openHouse();
    const body = await sample("polar/subscribed");
    const takeWrites = await refuseWrites(house.config.store);

    const refused = await house.send("polar", body, { id: "one" });
    await takeWrites();
    const taken = await house.send("polar", body, { id: "one" });
    await house.bridge.idle();

    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(taken.status).toBe(202);
    // What waited for the store is written after all where that comes back in time.
    expect(["accepted", "duplicate"]).toContain(taken.body.status);
    expect(house.posted()["slack-bot"]).toHaveLength(1);
    await house.close();
  });
});

import { sql } from "kysely";
import { afterEach, describe, expect, it } from "vitest";
import { startBridge } from "../../src/bridge.ts";
import { EVERYWHERE, type House, openHouse, PARTIES, sample } from "../end-to-end/house.ts";
import { beside } from "../store/beside.ts";

const TO_SLACK = PARTIES + EVERYWHERE.replace(/send: .*/, "send: slack-bot");

interface Replayed {
  readonly of: string;
  readonly delivery: string | null;
  readonly problem: string | null;
}

describe("a replay", () => {
  let house: House;
  afterEach(async () => {
    await house.close();
  });

  const replay = async (order: object): Promise<readonly Replayed[]> => {
    const answer = await fetch(`${house.bridge.url}/api/replay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(order),
    });
    return ((await answer.json()) as { replayed: Replayed[] }).replayed;
  };
  const dead = (more: object) => replay({ select: { status: "dead", ...more } });
  const deliveries = async () => (await house.bridge.store.deliveries({ limit: 100 })).items;

  it("sends an event's messages again, as new deliveries that name the old ones", async () => {
    house = await openHouse();
    const { body } = await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();
    house.posted();

    const replayed = await replay({ ids: [body.id] });
    await house.bridge.idle();

    const posted = house.posted();
    const again = (await deliveries()).filter((one) => one.replayOf !== null);
    expect(replayed).toHaveLength(4);
    expect(Object.values(posted).map((messages) => messages.length)).toEqual([1, 1, 1, 1]);
    expect(again.map((one) => one.status)).toEqual([
      "delivered",
      "delivered",
      "delivered",
      "delivered",
    ]);
    expect(new Set(again.map((one) => one.replayOf)).size).toBe(4);
  });

  it("sends one delivery again, and says when there is none of an id", async () => {
    house = await openHouse({ config: TO_SLACK });
    await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();
    const [first] = await deliveries();

    const replayed = await replay({ ids: [first?.id, "dlv_none", "evt_none"] });
    await house.bridge.idle();

    expect(replayed).toEqual([
      {
        of: first?.id,
        delivery: expect.stringMatching(/^dlv_/),
        destination: "slack-bot",
        route: "everything",
        problem: null,
      },
      { ...NOWHERE, of: "dlv_none", problem: "There is no delivery dlv_none." },
      { ...NOWHERE, of: "evt_none", problem: "There is no event evt_none." },
    ]);
    expect(house.posted()["slack-bot"]).toHaveLength(2);
  });

  it("sends dead letters again, each once however often it is asked", async () => {
    house = await openHouse({ config: TO_SLACK });
    const fault = { kind: "error", code: "invalid_blocks" } as const;
    house.sandbox.fault({ platform: "slack", fault, count: 4 });
    await house.send("polar", await sample("polar/created"));
    await house.send("polar", await sample("polar/subscribed"));
    await house.bridge.idle();

    const elsewhere = await dead({ destination: "discord-bot" });
    const before = await dead({ until: "2020-01-01T00:00:00Z" });
    const first = await dead({ route: "everything", since: "1h" });
    const second = await dead({});
    await house.bridge.idle();

    expect([elsewhere, before, first, second].map((one) => one.length)).toEqual([0, 0, 2, 0]);
    expect(house.posted()["slack-bot"]).toHaveLength(2);
    expect((await deliveries()).filter((one) => one.status === "dead")).toHaveLength(2);
  });

  it("sends held messages again when a person says so", async () => {
    const held = PARTIES.replace(
      /slack-webhook: .*/,
      'slack-webhook: { type: slack, webhook: "${SLACK_WEBHOOK}", on_unknown: hold }',
    );
    house = await openHouse({
      config: held + EVERYWHERE.replace(/send: .*/, "send: slack-webhook"),
    });
    house.sandbox.fault({ platform: "slack", fault: { kind: "reset", taken: false } });
    await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();
    const before = house.posted()["slack-webhook"];

    const first = await replay({ select: { status: "unknown" } });
    const second = await replay({ select: { status: "unknown" } });
    await house.bridge.idle();

    expect(before).toEqual([]);
    expect([first.length, second.length]).toEqual([1, 0]);
    expect(house.posted()["slack-webhook"]).toHaveLength(1);
  });

  it("sends once more what was delivered in a time, portion by portion, but nothing that it sent itself", async () => {
    house = await openHouse({ config: TO_SLACK });
    for (const name of ["created", "subscribed"])
      await house.send("polar", await sample(`polar/${name}`));
    await house.bridge.idle();
    const since = "1h";
    const before = new Date().toISOString();
    house.posted();

    const first = await replay({ select: { status: "delivered", since, before } });
    await house.bridge.idle();
    const rest = await replay({
      select: { status: "delivered", since, before, after: first.at(-1)?.of },
    });
    const again = await replay({ select: { status: "delivered", since } });
    await house.bridge.idle();

    expect([first.length, rest.length, again.length]).toEqual([2, 0, 2]);
    expect(house.posted()["slack-bot"]).toHaveLength(4);
  });

  it("sends nothing on a dry run, and tells the same as the replay would", async () => {
    house = await openHouse({ config: TO_SLACK });
    const { body } = await house.send("polar", await sample("polar/created"));
    const odd = await house.send("plain", Buffer.from("{"));
    await house.bridge.idle();
    house.posted();

    const select = { status: "delivered", since: "1h" };
    const told = await replay({ ids: [body.id, odd.body.id], select, dry_run: true });
    await house.bridge.idle();

    const [delivery] = await deliveries();
    const there = { destination: "slack-bot", route: "everything" };
    expect(told).toEqual([
      { of: body.id, ...there, delivery: null, problem: null },
      { ...NOWHERE, of: odd.body.id, problem: expect.stringMatching(/^It still cannot/) },
      { of: delivery?.id, ...there, delivery: null, problem: null },
    ]);
    expect(await deliveries()).toHaveLength(1);
    expect(house.posted()["slack-bot"]).toEqual([]);
  });

  it("lets a quarantined webhook through that can be read after an upgrade, and tells why one still cannot", async () => {
    house = await openHouse({ config: TO_SLACK });
    const sent = await house.send("plain", Buffer.from("{"));
    const still = await house.send("plain", Buffer.from("["));
    const id = sent.body.id ?? "";
    // What an upgrade would change is the reading; here the stored body is mended instead.
    const body = await sample("plain/group-added");
    await beside(house.config.store, sql`update events set body = ${body} where id = ${id}`);

    const replayed = await replay({ ids: [id, still.body.id] });
    await house.bridge.idle();

    expect(replayed[0]).toEqual({ ...NOWHERE, of: id, problem: null });
    expect(replayed[1]?.problem).toMatch(/^It still cannot be read/);
    expect(await house.bridge.store.event(id)).toMatchObject({
      status: "sent",
      subject: "c_01HD44FHDPG82VQ4QNHDR4N2T0",
    });
    expect(house.posted()["slack-bot"]).toHaveLength(1);
  });

  it("goes on behind a webhook whose reading fails in a way that nobody thought of", async () => {
    house = await openHouse({ config: TO_SLACK });
    const first = await house.send("polar", Buffer.from("{"));
    const second = await house.send("plain", Buffer.from("{"));
    await house.bridge.stop();
    const [polar, ...others] = house.config.sources;
    if (polar === undefined) throw new Error("The config has no source.");
    const broken = {
      ...polar,
      parse() {
        throw new TypeError("something about Ada Lindqvist");
      },
    };
    const config = { ...house.config, sources: [broken, ...others] };
    house = { ...house, bridge: await startBridge(config, { log: SILENT }) };

    const [of, behind] = await replay({ ids: [first.body.id, second.body.id] });

    expect(of?.problem).toBe("It still cannot be read: TypeError.");
    expect(behind?.problem).toMatch(/^It still cannot be read: The body/);
  });

  it("does not repeat what still waits, and says what to do", async () => {
    house = await openHouse({ config: TO_SLACK });
    house.sandbox.setChannel("slack", "C024BE91L", "archived");
    const { body } = await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();

    const replayed = await replay({ ids: [body.id] });

    expect(replayed[0]?.problem).toMatch(/^It still waits.*bellhop resume/);
    expect(await deliveries()).toHaveLength(1);
  });

  it("has nothing to send for an event that nobody was told of", async () => {
    house = await openHouse({ config: TO_SLACK });
    await house.send("polar", await sample("polar/subscribed"));
    const { body } = await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();

    const replayed = await replay({ ids: [body.id] });

    expect(replayed[0]?.problem).toBe("The event is stale: it has no messages to send again.");
  });

  it.each([
    { ids: "evt_1" },
    { ids: [1] },
    { select: { status: "dead", since: "yesterday" } },
    { select: {} },
    { all: true },
  ])("is refused when it is not asked for properly: %j", async (order) => {
    house = await openHouse({ config: TO_SLACK });

    const answer = await fetch(`${house.bridge.url}/api/replay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(order),
    });

    expect(answer.status).toBe(400);
  });
});

describe("resuming", () => {
  it("tries a parked channel again at once, named by its destination, its lane or its account", async () => {
    const house = await openHouse({ config: TO_SLACK });
    const resume = async (name: string) =>
      (
        await fetch(`${house.bridge.url}/api/lanes/${encodeURIComponent(name)}/resume`, {
          method: "POST",
        })
      ).status;
    const { lane = "", account = "" } = house.config.destinations[0] ?? {};
    house.sandbox.setChannel("slack", "C024BE91L", "archived");
    await house.send("polar", await sample("polar/created"));
    await house.bridge.idle();
    const until = async (attempts: number, status: string) => {
      for (;;) {
        const [delivery] = (await house.bridge.store.deliveries({ limit: 1 })).items;
        if (delivery?.attempts === attempts && delivery.status === status) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };

    const unknown = await resume("nobody");
    const byLane = await resume(lane);
    await until(2, "parked");
    const byAccount = await resume(account);
    await until(3, "parked");
    house.sandbox.setChannel("slack", "C024BE91L", "open");
    const byName = await resume("slack-bot");
    await until(4, "delivered");
    const open = await resume("slack-bot");

    expect([unknown, byLane, byAccount, byName, open]).toEqual([404, 200, 200, 200, 404]);
    expect(house.posted()["slack-bot"]).toHaveLength(1);
    await house.close();
  });
});

const SILENT = { info: () => {}, warn: () => {}, error: () => {} };

const NOWHERE = { delivery: null, destination: null, route: null };

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { DeliveryRecord } from "../../src/store/store.ts";
import {
  exchanged,
  type House,
  openHouse,
  PARTIES,
  sample,
  sourceOf,
} from "../end-to-end/house.ts";
import { type Ran, run } from "../end-to-end/process.ts";

/** Half a second past, so that what the set-up takes never shows. */
const START = Date.parse("2026-11-22T10:00:00.500Z");

const ROUTES = `
routes:
  - name: new customers
    match: { changes.kind: customer.created }
    send: slack-bot
  - name: subscriptions
    match: { changes.kind: "subscription.*" }
    send: [slack-bot, discord-bot]
    template: customer-state
  - name: groups
    match: { event: customer.customer_group_memberships_changed }
    send: discord-webhook
`;

const CONFIG =
  PARTIES.replace('"${DISCORD_WEBHOOK}" }', '"${DISCORD_WEBHOOK}", on_unknown: hold }') + ROUTES;

describe("explain", () => {
  let house: House;
  let ahead = 0;
  afterEach(() => house.close());

  /** The clock stands still but for what `advance` moves it. */
  const open = async () => {
    ahead = 0;
    const began = Date.now();
    const standing = () => began - Date.now() + ahead;
    house = await openHouse({ config: CONFIG, startAt: START, ahead: standing });
  };
  /** Asking for anything has the bridge look at the clock. */
  const advance = async (seconds: number) => {
    ahead += seconds * 1_000;
    await fetch(`${house.bridge.url}/api/lanes/nobody/resume`, { method: "POST" });
  };
  const send = async (source: string, body: Uint8Array, id = "msg_1"): Promise<string> => {
    const fresh = sourceOf(house.config, source).refresh(body, new Date(START + ahead));
    const { body: answer } = await house.send(source, fresh, { id });
    return answer.id ?? "";
  };
  const until = async (holds: (all: readonly DeliveryRecord[]) => boolean) => {
    while (!holds((await house.bridge.store.deliveries({ limit: 10 })).items.toReversed()))
      await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const bellhop = (...args: string[]): Promise<Ran> =>
    run([...args, "--url", house.bridge.url], house.folder, {});

  /** One way that an event can go, up to where a person asks about it; gives back the id that is asked for. */
  const STORIES: Readonly<Record<string, () => Promise<string>>> = {
    sent: async () => {
      const id = await send("polar", await sample("polar/subscribed"));
      await until((all) => all.length === 2 && all.every((one) => one.status === "delivered"));
      return id;
    },
    duplicate: async () => {
      const created = await sample("polar/created");
      await send("polar", created);
      await until(([first]) => first?.status === "delivered");
      await advance(30);
      await send("polar", created);
      await advance(90);
      return send("polar", created);
    },
    quarantined: () => send("polar", Buffer.from(`{"type":"customer.state_changed","data":{}}`)),
    stale: async () => {
      await send("polar", await sample("polar/subscribed"));
      const id = await send("polar", await sample("polar/created"), "msg_2");
      await house.bridge.idle();
      return id;
    },
    unchanged: async () => {
      const later = { "2026-11-03T10:24:15.018233Z": "2026-11-03T10:25:15.018233Z" };
      await send("polar", await sample("polar/subscribed"));
      const id = await send("polar", await exchanged("polar/subscribed", later), "msg_2");
      await house.bridge.idle();
      return id;
    },
    unrouted: async () => {
      const id = await send("polar", await sample("polar/order-paid"));
      await house.bridge.idle();
      return id;
    },
    unknown: async () => {
      house.sandbox.fault({ platform: "discord", fault: { kind: "status", status: 502 } });
      const id = await send("plain", await sample("plain/group-added"));
      await until(([first]) => first?.status === "unknown");
      return id;
    },
    parked: async () => {
      house.sandbox.setChannel("slack", "C024BE91L", "archived");
      const id = await send("polar", await sample("polar/created"));
      await until(([first]) => first?.status === "parked");
      return id;
    },
    "parked-behind": async () => {
      await STORIES["parked"]?.();
      const id = await send("polar", await sample("polar/subscribed"), "msg_2");
      await until((all) => all.length === 3 && all[2]?.status === "delivered");
      return id;
    },
    dead: async () => {
      const fault = { kind: "error", code: "invalid_blocks" } as const;
      house.sandbox.fault({ platform: "slack", fault, count: 2 });
      const id = await send("polar", await sample("polar/created"));
      await until(([first]) => first?.attempts === 1 && first.status === "pending");
      await advance(2);
      await until(([first]) => first?.status === "dead");
      return id;
    },
    replayed: async () => {
      const id = await STORIES["dead"]?.();
      await advance(60);
      await bellhop("replay", id ?? "");
      await until((all) => all[1]?.status === "delivered");
      const [replay] = (await house.bridge.store.deliveries({ limit: 1 })).items;
      return replay?.id ?? "";
    },
  };

  it.each(Object.entries(STORIES))("tells what became of an event: %s", async (kind, story) => {
    await open();
    const id = await story();

    const told = await bellhop("explain", id);

    const expected = new URL(`../fixtures/explain/${kind}.txt`, import.meta.url);
    const text = normalized(told.out);
    if (process.env["UPDATE"] === "1") writeFileSync(expected, text);
    expect(existsSync(expected), `${expected.pathname} is missing: run with UPDATE=1`).toBe(true);
    expect(text).toBe(readFileSync(expected, "utf8"));
    expect(told).toMatchObject({ code: 0, err: "" });
  });

  it("prints with --json what the API answers, also when asked for a delivery", async () => {
    await open();
    const id = await STORIES["sent"]?.();
    const [delivery] = (await house.bridge.store.deliveries({ limit: 1 })).items;

    const told = await bellhop("explain", delivery?.id ?? "", "--json");

    const answer = await fetch(`${house.bridge.url}/api/events/${id}`);
    expect(JSON.parse(told.out)).toEqual(await answer.json());
  });

  it.each([
    ["evt_none", "There is no event evt_none."],
    ["dlv_none", "There is no delivery dlv_none."],
  ])("says that there is no %s, and where the ids are listed", async (id, message) => {
    await open();

    const told = await bellhop("explain", id);

    expect(told).toMatchObject({ code: 1, out: "" });
    expect(told.err).toContain(message);
    expect(told.err).toContain("`bellhop events` and `bellhop deliveries` list the ids.");
  });
});

/** The text with ids numbered as they come up, and without what differs between runs. */
function normalized(text: string): string {
  const numbers = new Map<string, string>();
  return text
    .replaceAll(/\b(evt|dlv)_[0-9A-Z]{26}\b/g, (id, prefix: string) => {
      const known = [...numbers.values()].filter((one) => one.startsWith(prefix)).length;
      if (!numbers.has(id)) numbers.set(id, `${prefix}_${known + 1}`);
      return numbers.get(id) ?? id;
    })
    .replace(/config [0-9a-f]{12}/, "config <revision>")
    .replaceAll(/message [\d.]+/g, "message <id>");
}

import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { exchanged, type House, openHouse, PARTIES, sample } from "../end-to-end/house.ts";

const CONFIG = `${PARTIES.replace('"${SLACK_WEBHOOK}"', '"${SLACK_WEBHOOK}", on_unknown: hold')}
routes:
  - { name: orders, match: { event: order.paid }, send: [slack-bot, discord-bot], template: broken }
  - { name: groups, match: { source.type: plain }, send: [slack-webhook, discord-bot] }
operator: { send: discord-webhook }
`;

const TIMESTAMP = "2026-11-03T10:24:15.018233Z";

/** Fails, because it renders without end. */
const TEMPLATES = {
  "broken.hbs": "{{> loop}}",
  "partials/loop.hbs": "{{#if customer.id}}{{> loop}}{{/if}}",
};

/** A bridge to which nearly everything has happened that its metrics tell of. */
export async function openBusyBridge(): Promise<House> {
  const house = await openHouse({ config: CONFIG, templates: TEMPLATES });
  await receive(house);
  await deliver(house);
  await park(house);
  return house;
}

/** What `/metrics` answers now. */
export async function scrape(house: House): Promise<string> {
  return (await fetch(`${house.bridge.url}/metrics`)).text();
}

/** Nearly every answer that a webhook gets, and every decision about an event that is not sent. */
async function receive(house: House): Promise<void> {
  const [created, subscribed] = [await sample("polar/created"), await sample("polar/subscribed")];
  await house.send("polar", subscribed, { id: "unrouted" });
  await house.send("polar", subscribed, { id: "unrouted" });
  const later = { [TIMESTAMP]: "2026-11-03T10:25:00.000000Z" };
  await house.send("polar", await exchanged("polar/subscribed", later));
  await house.send("polar", created, { id: "stale" });
  await house.send("polar", Buffer.from("{"));
  await house.send("polar", created, { headers: { "webhook-signature": "v1,bm8=" } });
  await house.send("polar", Buffer.alloc(2 * 1_048_576));
  await fetch(`${house.bridge.url}/webhooks/nobody`, { method: "POST", body: "{}" });
  // So that nothing stands in line before the webhook, whose failure would be taken for its own.
  await house.bridge.idle();
  const other = new Database(join(house.folder, "bellhop.db"));
  other.exec("begin immediate");
  await house.send("polar", created);
  // It is answered sooner than the store gives up. To look at the metrics would have the bridge keep what they say for a while.
  while (!house.log.some((line) => line.includes("store cannot be written"))) await pause(20);
  other.exec("rollback");
  other.close();
  await house.bridge.idle();
}

/** What an attempt comes to, and a replay. */
async function deliver(house: House): Promise<void> {
  const refused = { kind: "error", code: "invalid_blocks" } as const;
  const post = { call: "chat.postMessage" };
  house.sandbox.fault({ platform: "slack", match: post, fault: refused, count: 2 });
  const dead = await house.send("polar", await sample("polar/order-paid"));
  await house.bridge.idle();
  await fetch(`${house.bridge.url}/api/replay`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ids: [dead.body.id] }),
  });
  house.sandbox.fault({
    platform: "slack",
    match: { call: "webhook" },
    fault: { kind: "reset", taken: true },
  });
  const now = { "2026-11-19T16:58:32.357Z": new Date().toISOString() };
  await house.send("plain", await exchanged("plain/group-added", now));
  await house.bridge.idle();
}

/** A parked lane and a parked account, with something waiting in both. */
async function park(house: House): Promise<void> {
  house.sandbox.setChannel("discord", "1099414111111111111", "missing");
  house.sandbox.fault({
    platform: "slack",
    match: { call: "chat.postMessage" },
    fault: { kind: "error", code: "token_revoked" },
    count: Infinity,
  });
  await house.send("polar", await sample("polar/order-paid"));
  await house.bridge.idle();
}

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DiscordConfig } from "../../src/destinations/discord/config.ts";
import { discord } from "../../src/destinations/discord/index.ts";
import { MAX_INVALID, networkOf } from "../../src/destinations/discord/network.ts";
import { SlackConfig } from "../../src/destinations/slack/config.ts";
import { slack } from "../../src/destinations/slack/index.ts";
import { openSqlite } from "../../src/store/sqlite/open.ts";
import type { Store } from "../../src/store/store.ts";
import { checkDiscord } from "../checkers/discord.ts";
import { ATTEMPT } from "./conformance.ts";
import { type FaultServer, startFaultServer } from "./fault-server.ts";
import { everywhere, message, text } from "./messages.ts";

const CHANNEL = "1099414111111111111";
const SIGNAL = new AbortController().signal;

let server: FaultServer;
/** Whose turn it is to look something up is kept with the deliveries. */
let store: Store;

beforeEach(async () => {
  server = await startFaultServer();
  store = await openSqlite(":memory:");
});

afterEach(async () => {
  await server.close();
  await store.close();
});

describe("a Slack bot", () => {
  const HELD = { event_type: "bellhop_delivery", event_payload: { delivery: "dlv_01" } };

  it("marks its messages with ids, so that they can be found again", async () => {
    server.behave({ status: 200, body: { ok: true, channel: "C024BE91L", ts: "1.1" } });
    const bot = slackBot();

    await bot.send(bot.compose(everywhere("Acme"), "full"), ATTEMPT, SIGNAL);

    const [call] = server.received;
    const form = new URLSearchParams(call?.body);
    expect(call?.url).toBe("/api/chat.postMessage");
    expect(call?.headers.authorization).toBe("Bearer xoxb-s3cret");
    expect(form.get("channel")).toBe("C024BE91L");
    expect(JSON.parse(form.get("metadata") ?? "")).toEqual({
      event_type: "bellhop_delivery",
      event_payload: { delivery: "dlv_01", event: "evt_01" },
    });
  });

  it("keeps its token to itself when several bots post", async () => {
    server.behave({ status: 200, body: { ok: true, channel: "C1", ts: "1.1" } });
    const bots = [slackBot("xoxb-one"), slackBot("xoxb-two")];

    for (const bot of bots) await bot.send(bot.compose(message(), "full"), ATTEMPT, SIGNAL);

    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer xoxb-one",
      "Bearer xoxb-two",
    ]);
  });

  it("goes on without metadata where Slack does not take it", async () => {
    server.behave({ status: 200, body: { ok: false, error: "metadata_must_be_sent_from_app" } });
    const bot = slackBot();
    const request = bot.compose(message({ summary: text("Acme") }), "full");

    const first = await bot.send(request, ATTEMPT, SIGNAL);
    const second = await bot.send(request, ATTEMPT, SIGNAL);

    expect([first, second]).toMatchObject([
      { kind: "retry", scope: "lane" },
      { kind: "rejected", scope: "message" },
    ]);
    expect(new URLSearchParams(server.received[1]?.body).has("metadata")).toBe(false);
  });

  it.each([
    [
      "the message when it is there",
      { ok: true, messages: [{ ts: "2.2" }, { ts: "3.3", metadata: HELD }] },
      { kind: "found", ref: { channel: "C024BE91L", id: "3.3", url: null } },
    ],
    ["nothing when it is not", { ok: true, messages: [{ ts: "2.2" }] }, { kind: "absent" }],
    ["no answer when it may not look", { ok: false, error: "missing_scope" }, { kind: "untold" }],
    ["no answer when it is not in it", { ok: false, error: "not_in_channel" }, { kind: "untold" }],
    [
      "no answer when there is too much to read",
      { ok: true, messages: [], response_metadata: { next_cursor: "more" } },
      { kind: "untold" },
    ],
    [
      "no token that works",
      { ok: false, error: "token_revoked" },
      { kind: "later", outcome: { kind: "rejected", scope: "account" } },
    ],
  ])("finds %s", async (_, body, expected) => {
    server.behave({ status: 200, body });

    const found = await slackBot().find?.(ATTEMPT, store, SIGNAL);

    expect(found).toMatchObject(expected);
    const form = new URLSearchParams(server.received[0]?.body);
    expect(Number(form.get("oldest"))).toBe(ATTEMPT.doubtfulSince / 1000 - 300);
    expect(form.get("include_all_metadata")).toBe("true");
  });

  it("says so when it could not look just now", async () => {
    server.behave({ status: 503, body: "" });

    const found = await slackBot().find?.(ATTEMPT, store, SIGNAL);

    expect(found).toMatchObject({ kind: "later", outcome: { kind: "retry", scope: "lane" } });
  });

  it("leaves all look-ups of its token alone for as long as Slack asks, but none of another token", async () => {
    server.behave({ status: 429, headers: { "retry-after": "30" }, body: "" });
    const first = await slackBot().find?.(ATTEMPT, store, SIGNAL);
    server.behave({ status: 200, body: { ok: true, messages: [] } });

    const other = { ...ATTEMPT, delivery: "dlv_02", now: ATTEMPT.now + 29_999 };
    const inside = await slackBot().find?.(other, store, SIGNAL);
    const elsewhere = await slackBot("xoxb-other").find?.(other, store, SIGNAL);
    const after = await slackBot().find?.({ ...other, now: ATTEMPT.now + 90_000 }, store, SIGNAL);

    expect(first).toMatchObject({ outcome: { kind: "retry", scope: "lane", afterMs: 30_000 } });
    expect(inside).toMatchObject({ kind: "later", outcome: { scope: "lane", own: true } });
    expect([elsewhere, after]).toEqual([{ kind: "absent" }, { kind: "absent" }]);
    expect(server.received).toHaveLength(3);
  });

  it("counts the wait from when Slack asked for it, however long the look-up took until then", async () => {
    server.behave({ status: 429, headers: { "retry-after": "30" }, body: "", afterMs: 50 });
    await find("dlv_1", 0);
    server.behave({ status: 200, body: { ok: true, messages: [] } });

    const inside = await find("dlv_2", 30_040);

    expect(inside).toMatchObject({ kind: "later", outcome: { own: true } });
    expect(server.received).toHaveLength(1);
  });

  it("spreads the look-ups of all channels of its token, each with a time of its own", async () => {
    server.behave({ status: 200, body: { ok: true, messages: [] } });

    const atOnce = [await find("dlv_1", 0), await find("dlv_2", 0), await find("dlv_3", 0)];
    const inTurn = [await find("dlv_2", 1_200), await find("dlv_3", 2_400)];

    expect(atOnce).toMatchObject([
      { kind: "absent" },
      { outcome: { afterMs: 1_200, own: true } },
      { outcome: { afterMs: 2_400, own: true } },
    ]);
    expect(inTurn).toEqual([{ kind: "absent" }, { kind: "absent" }]);
  });

  it("reports a token that does not work", async () => {
    server.behave({ status: 200, body: { ok: false, error: "invalid_auth" } });

    const findings = await slackBot().probe(SIGNAL);

    expect(findings).toEqual([{ ok: false, text: expect.stringContaining("copy the bot token") }]);
  });

  it.each([
    ["takes messages", { name: "sales", is_member: true }, true, "#sales takes"],
    ["does not have the bot", { name: "sales", is_member: false }, false, "invite it"],
    ["is archived", { name: "sales", is_archived: true }, false, "unarchive it"],
  ])("reports a channel that %s", async (_, channel, ok, expected) => {
    server.behave({
      status: 200,
      headers: { "x-oauth-scopes": "chat:write,channels:history" },
      body: { ok: true, user: "bellhop", team: "Acme", channel },
    });

    const findings = await slackBot().probe(SIGNAL);

    expect(findings).toEqual([
      { ok: true, text: "The token works: it is bellhop's in the workspace Acme." },
      { ok, text: expect.stringContaining(expected) },
    ]);
  });
});

describe("a Slack webhook", () => {
  it.each([
    ["alive", 400, "no_text", true],
    ["gone", 404, "no_service", false],
  ])("is known to be %s without posting anything", async (_, status, body, ok) => {
    server.behave({ status, body });
    const webhook = slack.create(
      "ops",
      SlackConfig.parse({ type: "slack", webhook: `${server.origin}/services/T/B/x` }),
    );

    const findings = await webhook.probe(SIGNAL);

    expect(findings).toMatchObject([{ ok }]);
    expect(server.received[0]?.body).toBe("{}");
  });
});

describe("a Discord bot", () => {
  it("sends the same nonce with every attempt at a delivery", async () => {
    server.behave({ status: 200, body: { id: "1", channel_id: CHANNEL } });
    const bot = discordBot();
    const request = bot.compose(everywhere("Acme"), "full");

    for (const number of [1, 2]) await bot.send(request, { ...ATTEMPT, number }, SIGNAL);
    await bot.send(request, { ...ATTEMPT, delivery: "dlv_02" }, SIGNAL);

    const bodies = server.received.map(({ body }) => JSON.parse(body) as { nonce: string });
    expect(server.received[0]?.url).toBe(`/api/v10/channels/${CHANNEL}/messages`);
    expect(server.received[0]?.headers.authorization).toBe("Bot s3cret");
    expect(bodies[0]).toMatchObject({
      enforce_nonce: true,
      nonce: expect.stringMatching(/^[0-9a-f]{25}$/),
    });
    expect(bodies[1]?.nonce).toBe(bodies[0]?.nonce);
    expect(bodies[2]?.nonce).not.toBe(bodies[0]?.nonce);
    expect(bodies.flatMap((body) => checkDiscord({ ...body }, "bot"))).toEqual([]);
  });

  it("may post again while the nonce holds, and does not know later", async () => {
    const bot = discordBot();

    const soon = await bot.find?.(
      { ...ATTEMPT, doubtfulSince: ATTEMPT.now - 1_000 },
      store,
      SIGNAL,
    );
    const late = await bot.find?.(
      { ...ATTEMPT, doubtfulSince: ATTEMPT.now - 600_000 },
      store,
      SIGNAL,
    );

    expect([soon, late]).toEqual([{ kind: "absent" }, { kind: "untold" }]);
  });

  it("rests when its bucket is empty, so that Discord never has to refuse", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "4.2" };
    server.behave({ status: 200, headers, body: { id: "1", channel_id: CHANNEL } });
    const bot = discordBot();

    const outcome = await bot.send(bot.compose(message(), "full"), ATTEMPT, SIGNAL);

    expect(outcome).toMatchObject({ kind: "delivered", restMs: 4_250 });
  });

  it("keeps every caller of this machine away while the network in front of Discord asks for it", async () => {
    server.behave({ status: 429, headers: { "retry-after": "30" }, body: "<html>" });
    const bot = discordBot();
    await bot.send(bot.compose(message(), "full"), ATTEMPT, SIGNAL);
    server.behave({ status: 200, body: { id: "1", channel_id: CHANNEL } });

    const others = [discordBot("another"), discordWebhook()];
    const inside = await Promise.all(
      others.map((one) => one.send(one.compose(message(), "full"), later(29_000), SIGNAL)),
    );
    const after = await bot.send(bot.compose(message(), "full"), later(31_000), SIGNAL);

    for (const outcome of inside)
      expect(outcome).toMatchObject({
        kind: "retry",
        scope: "account",
        afterMs: expect.any(Number),
        own: true,
      });
    expect(after.kind).toBe("delivered");
    expect(server.received).toHaveLength(2);
  });

  it("stops before Discord bans this machine for its refused calls, until the window has passed", async () => {
    server.behave({ status: 403, body: { message: "Missing Access", code: 50001 } });
    const bot = discordBot();
    const request = bot.compose(message(), "full");
    const network = networkOf(`${server.origin}/api`);
    for (let count = 1; count < MAX_INVALID; count += 1)
      network.note("webhook", 401, undefined, ATTEMPT.now);

    const last = await bot.send(request, ATTEMPT, SIGNAL);
    const stopped = await bot.send(request, { ...ATTEMPT, now: ATTEMPT.now + 300_000 }, SIGNAL);
    const after = await bot.send(request, { ...ATTEMPT, now: ATTEMPT.now + 600_000 }, SIGNAL);

    expect(last).toMatchObject({ kind: "rejected", scope: "lane" });
    const held = { kind: "retry", scope: "account", afterMs: 300_000, own: true };
    expect(stopped).toMatchObject(held);
    expect(after).toMatchObject({ kind: "rejected", scope: "lane" });
    expect(server.received).toHaveLength(2);
  });

  it.each([
    ["takes messages", { id: CHANNEL, type: 0, name: "sales" }, true, "#sales"],
    ["is a forum", { id: CHANNEL, type: 15, name: "ideas" }, false, "forum"],
    ["is a category", { id: CHANNEL, type: 4, name: "all" }, false, "takes no text"],
  ])("reports a channel that %s", async (_, body, ok, expected) => {
    server.behave({ status: 200, body });

    const findings = await discordBot().probe(SIGNAL);

    expect(findings).toEqual([{ ok, text: expect.stringContaining(expected) }]);
  });

  it("reports a channel that it cannot see", async () => {
    server.behave({ status: 403, body: { message: "Missing Access", code: 50001 } });

    const findings = await discordBot().probe(SIGNAL);

    expect(findings).toEqual([{ ok: false, text: expect.stringContaining("View Channel") }]);
  });
});

describe("a Discord webhook", () => {
  it("waits for the message, asks for its buttons, and hides its token in previews", async () => {
    server.behave({ status: 200, body: { id: "1", channel_id: CHANNEL } });
    const webhook = discord.create(
      "ops",
      DiscordConfig.parse({
        type: "discord",
        webhook: `${server.origin}/api/webhooks/${CHANNEL}/s3cret?thread_id=${CHANNEL}`,
      }),
    );
    const request = webhook.compose(everywhere("Acme"), "full");

    await webhook.send(request, ATTEMPT, SIGNAL);

    const query = `wait=true&with_components=true&thread_id=${CHANNEL}`;
    expect(server.received[0]?.url).toBe(`/api/v10/webhooks/${CHANNEL}/s3cret?${query}`);
    expect(server.received[0]?.headers.authorization).toBeUndefined();
    expect(request.call).toBe(
      `POST ${server.origin}/api/v10/webhooks/${CHANNEL}/‹secret›?${query}`,
    );
  });

  it("is known to be alive without posting anything", async () => {
    server.behave({ status: 200, body: { id: CHANNEL, name: "Ops" } });
    const webhook = discord.create(
      "ops",
      DiscordConfig.parse({
        type: "discord",
        webhook: `${server.origin}/api/webhooks/${CHANNEL}/s3cret`,
      }),
    );

    const findings = await webhook.probe(SIGNAL);

    expect(findings).toEqual([{ ok: true, text: 'The webhook "Ops" works.' }]);
    expect(server.received[0]?.method).toBe("GET");
  });
});

function slackBot(token = "xoxb-s3cret") {
  const settings = { type: "slack", token, channel: "C024BE91L", api_url: `${server.origin}/api` };
  return slack.create("sales", SlackConfig.parse(settings));
}

/** Looks for a delivery's message so long after the suite's attempt. */
function find(delivery: string, sinceMs: number) {
  return slackBot().find?.({ ...ATTEMPT, delivery, now: ATTEMPT.now + sinceMs }, store, SIGNAL);
}

/** The suite's attempt, so much later. */
function later(ms: number) {
  return { ...ATTEMPT, now: ATTEMPT.now + ms };
}

function discordWebhook() {
  const webhook = `${server.origin}/api/webhooks/${CHANNEL}/s3cret`;
  return discord.create("ops", DiscordConfig.parse({ type: "discord", webhook }));
}

function discordBot(token = "s3cret") {
  const settings = {
    type: "discord",
    token,
    channel: CHANNEL,
    api_url: `${server.origin}/api`,
  };
  return discord.create("success", DiscordConfig.parse(settings));
}

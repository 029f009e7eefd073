import { ErrorCode } from "@slack/web-api";
import { RateLimitError, Routes } from "discord.js";
import { afterEach, expect, test } from "vitest";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import {
  clock,
  DISCORD_CHANNEL,
  discordClient,
  rejection,
  SLACK_CHANNEL,
  slackClient,
} from "./clients.ts";

let sandbox: Sandbox;

afterEach(() => sandbox.close());

async function start(options: SandboxOptions = {}) {
  const time = clock();
  sandbox = await startSandbox({ now: time.now, ...options });
  return time;
}

async function slackPosts(count: number, channel = SLACK_CHANNEL) {
  const slack = await slackClient(sandbox.slackApiUrl);
  const post = (text: string) => slack.chat.postMessage({ channel, text });
  for (let number = 1; number <= count; number += 1) await post(`message ${number}`);
  return post;
}

function slackWebhookPost(): Promise<Response> {
  const body = JSON.stringify({ text: "hello" });
  return fetch(sandbox.slackWebhook("ops"), { method: "POST", body });
}

const AS_BOT = { authorization: "Bot sandbox", "content-type": "application/json" };

function discordPost(): Promise<Response> {
  return fetch(`${sandbox.discordApiUrl}/v10/channels/${DISCORD_CHANNEL}/messages`, {
    method: "POST",
    headers: AS_BOT,
    body: JSON.stringify({ content: "hello" }),
  });
}

function discordGet(path: string): Promise<Response> {
  return fetch(`${sandbox.discordApiUrl}/v10${path}`, { headers: AS_BOT });
}

async function discordWebhookPost(channel = "ops"): Promise<number> {
  const answer = await fetch(sandbox.discordWebhook(channel), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ content: "hello" }),
  });
  return answer.status;
}

test("Slack takes a short burst in a channel and then one message a second", async () => {
  const time = await start();
  const post = await slackPosts(5);

  const error = await rejection(post("too fast"));
  time.advance(1_000);
  const answer = await post("in time");

  expect(error).toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 1 });
  expect(answer.ok).toBe(true);
  expect(sandbox.refused).toMatchObject([{ code: "ratelimited", status: 429, limit: "method" }]);
});

test("a strict Slack takes no burst", async () => {
  const time = await start({ rateLimits: "strict" });
  const post = await slackPosts(1);

  const error = await rejection(post("too fast"));
  time.advance(1_000);
  const answer = await post("in time");

  expect(error).toMatchObject({ code: ErrorCode.RateLimitedError });
  expect(answer.ok).toBe(true);
});

test("Slack limits each channel on its own", async () => {
  await start({ rateLimits: "strict" });
  await slackPosts(1);

  const post = await slackPosts(1, "C0000000001");

  expect(await rejection(post("too fast"))).toMatchObject({ code: ErrorCode.RateLimitedError });
  expect(sandbox.messages).toHaveLength(2);
});

test("Slack's other methods are limited by the minute", async () => {
  const time = await start();
  const slack = await slackClient(sandbox.slackApiUrl);
  for (let call = 1; call <= 20; call += 1) await slack.conversations.list();

  const error = await rejection(slack.conversations.list());
  time.advance(3_000);
  const answer = await slack.conversations.list();

  expect(error).toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 3 });
  expect(answer.ok).toBe(true);
});

test("Slack limits each app's calls of a method on their own", async () => {
  await start();
  const [one, other] = [
    await slackClient(sandbox.slackApiUrl, "xoxb-one"),
    await slackClient(sandbox.slackApiUrl, "xoxb-other"),
  ];
  for (let call = 1; call <= 20; call += 1) await one.conversations.list();

  const answer = await other.conversations.list();

  expect(await rejection(one.conversations.list())).toMatchObject({
    code: ErrorCode.RateLimitedError,
  });
  expect(answer.ok).toBe(true);
});

test("a Slack webhook is limited like a bot, and says so in plain text", async () => {
  await start({ rateLimits: "strict" });

  await slackWebhookPost();
  const answer = await slackWebhookPost();

  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(await answer.text()).toBe("rate_limited");
});

test("Discord tells with each answer what is left", async () => {
  const time = await start();
  await discordPost();
  time.advance(1_500);

  const { headers } = await discordPost();

  const told = ["limit", "remaining", "reset", "reset-after"].map((name) =>
    headers.get(`x-ratelimit-${name}`),
  );
  expect(told).toEqual(["5", "3", "1795342505.000", "3.500"]);
  expect(headers.get("x-ratelimit-bucket")).toMatch(/^\d+$/);
});

test("the sixth message to a Discord channel in five seconds is too fast", async () => {
  const time = await start();
  for (let number = 1; number <= 5; number += 1) await discordPost();
  time.advance(1_500);

  const answer = await discordPost();
  time.advance(3_500);
  const later = await discordPost();

  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("4");
  expect(answer.headers.get("x-ratelimit-scope")).toBe("user");
  expect(await answer.json()).toEqual({
    message: "You are being rate limited.",
    retry_after: 3.5,
    global: false,
  });
  expect(later.status).toBe(200);
  expect(sandbox.refused).toMatchObject([{ code: "429", status: 429, limit: "bucket" }]);
});

test("discord.js knows a 429 as its own rate limit error", async () => {
  await start();
  for (let number = 1; number <= 5; number += 1) await discordPost();
  // A client that has not read any headers yet: one that has would not even send.
  const rest = discordClient(sandbox);

  const error = await rejection(
    rest.post(Routes.channelMessages(DISCORD_CHANNEL), { body: { content: "hello" } }),
  );

  expect(error).toBeInstanceOf(RateLimitError);
  expect(error).toMatchObject({ global: false, scope: "user" });
  expect(sandbox.refused).toMatchObject([{ code: "429" }]);
});

test("the sixth message to a Discord webhook in two seconds is too fast", async () => {
  const time = await start();
  const statuses: number[] = [];
  for (let number = 1; number <= 6; number += 1) statuses.push(await discordWebhookPost());
  time.advance(2_000);

  const later = await discordWebhookPost();

  expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
  expect(later).toBe(204);
});

test("a Discord bot has 50 requests a second for everything together", async () => {
  await start();
  for (let number = 1; number <= 50; number += 1) await discordGet(`/channels/${number}`);

  const answer = await discordGet("/users/@me");

  expect(answer.status).toBe(429);
  expect(answer.headers.get("x-ratelimit-global")).toBe("true");
  expect(await answer.json()).toMatchObject({ global: true, retry_after: 1 });
  expect(sandbox.refused).toMatchObject([{ code: "429", limit: "global" }]);
});

async function discordWebhookPosts(): Promise<number> {
  for (let number = 1; number <= 50; number += 1) await discordWebhookPost(`channel ${number}`);
  return discordWebhookPost("one more");
}

test("webhooks share as many with all others on their machine, unless each has one of its own", async () => {
  await start();
  const shared = await discordWebhookPosts();
  await sandbox.close();
  await start({ isOneMachine: false });

  expect([shared, await discordWebhookPosts()]).toEqual([429, 204]);
});

test("without rate limits nobody is too fast", async () => {
  await start({ rateLimits: false });

  await slackPosts(20);

  expect(sandbox.messages).toHaveLength(20);
});

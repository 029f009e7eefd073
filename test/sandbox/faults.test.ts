import { ErrorCode } from "@slack/web-api";
import { DiscordAPIError, HTTPError, Routes } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  DISCORD_CHANNEL,
  discordClient,
  rejection,
  SLACK_CHANNEL,
  slackClient,
} from "./clients.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});

afterEach(() => sandbox.close());

async function slackPost(text = "hello") {
  const slack = await slackClient(sandbox.slackApiUrl);
  return slack.chat.postMessage({ channel: SLACK_CHANNEL, text });
}

async function discordPost(content = "hello") {
  const path = Routes.channelMessages(DISCORD_CHANNEL);
  return discordClient(sandbox).post(path, { body: { content } });
}

test("a fault is for one request unless it says otherwise", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "error", code: "internal_error" } });

  const error = await rejection(slackPost());
  const answer = await slackPost();

  expect(error).toMatchObject({ code: ErrorCode.PlatformError, data: { error: "internal_error" } });
  expect(answer.ok).toBe(true);
});

test("a fault can be for several requests, of one call, in one channel", async () => {
  const match = { call: "chat.postMessage", channel: SLACK_CHANNEL };
  const fault = { kind: "error", code: "fatal_error" } as const;
  sandbox.fault({ platform: "slack", match, fault, count: 2 });
  const slack = await slackClient(sandbox.slackApiUrl);

  const elsewhere = await slack.chat.postMessage({ channel: "C0000000001", text: "x" });
  const other = await slack.conversations.info({ channel: SLACK_CHANNEL });
  const discord = await discordPost();
  const errors = [await rejection(slackPost()), await rejection(slackPost())];
  const later = await slackPost();

  expect([elsewhere.ok, other.ok, later.ok]).toEqual([true, true, true]);
  expect(discord).toHaveProperty("id");
  expect(errors).toMatchObject([
    { data: { error: "fatal_error" } },
    { data: { error: "fatal_error" } },
  ]);
});

test("a platform's own error on demand has the platform's status", async () => {
  sandbox.fault({ platform: "discord", fault: { kind: "error", code: 50013 } });

  const error = await rejection(discordPost());

  expect(error).toBeInstanceOf(DiscordAPIError);
  expect(error).toMatchObject({ code: 50013, status: 403, message: "Missing Permissions" });
});

test("a Slack webhook's own error on demand has the status that goes with it", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "error", code: "channel_is_archived" } });

  const answer = await fetch(sandbox.slackWebhook("ops"), { method: "POST", body: "{}" });

  expect(answer.status).toBe(410);
  expect(await answer.text()).toBe("channel_is_archived");
});

test.each([500, 502, 503, 504])("status %i on demand reaches both clients", async (status) => {
  sandbox.fault({ platform: "slack", fault: { kind: "status", status } });
  sandbox.fault({ platform: "discord", fault: { kind: "status", status, taken: true } });

  const slack = await rejection(slackPost());
  const discord = await rejection(discordPost());

  expect(slack).toMatchObject({ code: ErrorCode.HTTPError, statusCode: status });
  expect(discord).toBeInstanceOf(HTTPError);
  expect(discord).toMatchObject({ status });
  expect(sandbox.messages.map(({ platform }) => platform)).toEqual(["discord"]);
});

test("a status comes with the body and headers that are given, or says what it is", async () => {
  const headers = { "retry-after": "120" };
  sandbox.fault({ platform: "slack", fault: { kind: "status", status: 503, headers, body: "no" } });
  sandbox.fault({ platform: "slack", fault: { kind: "status", status: 503 } });

  const first = await fetch(sandbox.slackWebhook("ops"));
  const second = await fetch(sandbox.slackWebhook("ops"));

  expect(first.headers.get("retry-after")).toBe("120");
  expect(await first.text()).toBe("no");
  expect(await second.text()).toBe("Service Unavailable");
});

test.each([true, false])("a reset answers nothing, whether taken: %s", async (taken) => {
  sandbox.fault({ platform: "slack", fault: { kind: "reset", taken } });

  const error = await rejection(slackPost());

  expect(error).toMatchObject({ code: ErrorCode.RequestError });
  expect(sandbox.messages).toHaveLength(taken ? 1 : 0);
});

test.each([true, false])(
  "a hang lasts until the caller gives up, whether taken: %s",
  async (taken) => {
    sandbox.fault({ platform: "discord", fault: { kind: "hang", taken } });

    const error = await rejection(discordPost());

    expect(error).toMatchObject({ name: "AbortError" });
    expect(sandbox.messages).toHaveLength(taken ? 1 : 0);
  },
);

test("a cut answer is for a message that was taken", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "cut" } });

  const error = await rejection(slackPost());

  expect(error).toMatchObject({ message: "terminated" });
  expect(sandbox.messages).toHaveLength(1);
});

test("discord.js too is left with half an answer", async () => {
  sandbox.fault({ platform: "discord", fault: { kind: "cut" } });

  const error = await rejection(discordPost());

  expect(error).toMatchObject({ code: "UND_ERR_SOCKET", message: "other side closed" });
  expect(sandbox.messages).toHaveLength(1);
});

test("an answer without a body is cut before its headers", async () => {
  sandbox.fault({ platform: "discord", fault: { kind: "cut" } });
  const rest = discordClient(sandbox, null);
  const { pathname } = new URL(sandbox.discordWebhook("ops"));

  const error = await rejection(
    rest.post(pathname.replace("/api", "") as "/webhooks", {
      body: { content: "hello" },
      auth: false,
    }),
  );

  expect(error).toMatchObject({ code: "ECONNRESET" });
  expect(sandbox.messages).toHaveLength(1);
});

test("a page of HTML comes with status 200", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "html" } });

  const error = await rejection(slackPost());

  expect(error).toMatchObject({ code: ErrorCode.PlatformError });
  expect((error as { data: { error: string } }).data.error).toContain("<!DOCTYPE html>");
  expect(sandbox.messages).toEqual([]);
});

test("a slow answer is the right one", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "slow", ms: 20 } });

  const answer = await slackPost();

  expect(answer.ok).toBe(true);
});

test("a dripped answer is the right one, for a caller with patience", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "drip", ms: 20 } });
  sandbox.fault({ platform: "discord", fault: { kind: "drip", ms: 20 } });

  const patient = await slackClient(sandbox.slackApiUrl, undefined, 60_000);
  const slack = await patient.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" });
  const discord = await discordPost();

  expect(slack).toMatchObject({ ok: true, message: { text: "hello" } });
  expect(discord).toMatchObject({ content: "hello" });
});

test("a caller without patience gives up on a dripped answer, whose message was taken", async () => {
  for (const platform of ["slack", "discord"] as const)
    sandbox.fault({ platform, fault: { kind: "drip", ms: 60_000 } });
  const path = Routes.channelMessages(DISCORD_CHANNEL);

  const slack = await rejection(slackPost());
  // The timeout of discord.js is only for the headers.
  const options = { body: { content: "hello" }, signal: AbortSignal.timeout(300) };
  const discord = await rejection(discordClient(sandbox).post(path, options));

  expect(slack).toMatchObject({ name: "TimeoutError" });
  expect(discord).toMatchObject({ name: "AbortError" });
  expect(sandbox.messages).toHaveLength(2);
});

test("a message that is not kept is an error of the platform's", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "unsaved" } });
  sandbox.fault({ platform: "discord", fault: { kind: "unsaved" } });

  const slack = await rejection(slackPost());
  const discord = await rejection(discordPost());

  expect(slack).toMatchObject({ data: { error: "internal_error" } });
  expect(discord).toMatchObject({ status: 500 });
  expect(sandbox.messages).toEqual([]);
});

test.each([
  ["?wait=true", 500],
  ["", 204],
])("a Discord webhook called with '%s' tells of a lost message with %i", async (query, status) => {
  sandbox.fault({ platform: "discord", fault: { kind: "unsaved" } });

  const answer = await fetch(sandbox.discordWebhook("ops") + query, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ content: "hello" }),
  });

  expect(answer.status).toBe(status);
  expect(sandbox.messages).toEqual([]);
});

test("an error may come though the message was taken", async () => {
  const fault = { kind: "error", code: "fatal_error", taken: true } as const;
  sandbox.fault({ platform: "slack", fault });

  const error = await rejection(slackPost());

  expect(error).toMatchObject({ data: { error: "fatal_error" } });
  expect(sandbox.messages).toHaveLength(1);
});

test("injected faults are not counted as refusals", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "error", code: "is_archived" } });

  await rejection(slackPost());

  expect(sandbox.refused).toEqual([]);
});

test("clearing ends the faults that are still to come", async () => {
  const fault = { kind: "error", code: "internal_error" } as const;
  sandbox.fault({ platform: "slack", fault, count: Infinity });
  await rejection(slackPost());

  sandbox.clear();
  const answer = await slackPost();

  expect(answer.ok).toBe(true);
});

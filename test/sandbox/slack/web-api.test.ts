import { readFileSync } from "node:fs";
import type { ChatPostMessageArguments, WebClient } from "@slack/web-api";
import { ErrorCode } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { clock, rejection, SLACK_CHANNEL, slackClient, type Clock } from "../clients.ts";

let sandbox: Sandbox;
let slack: WebClient;
let time: Clock;

beforeEach(async () => {
  time = clock();
  sandbox = await startSandbox({ now: time.now });
  slack = await slackClient(sandbox.slackApiUrl);
});

afterEach(() => sandbox.close());

function example(name: string): Example {
  const url = new URL(`../../fixtures/examples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Example;
}

type Example = ChatPostMessageArguments & { readonly text: string };

/** The code of the SDK's own platform error, and its details. */
async function refusal(promise: Promise<unknown>) {
  const error = await rejection(promise);
  expect(error).toMatchObject({ code: ErrorCode.PlatformError });
  const { data } = error as { data: { error: string; errors?: string[] } };
  return { code: data.error, details: data.errors ?? [] };
}

test("a bot learns who it is", async () => {
  const answer = await slack.auth.test();

  expect(answer).toMatchObject({ ok: true, team: "Sandbox", user: "bellhop" });
  expect(answer.bot_id).toMatch(/^B/);
  expect(answer.response_metadata?.scopes).toContain("chat:write");
});

test.each(["slack-upgrade", "slack-group"])(
  "the example %s is taken as it stands",
  async (name) => {
    const message = example(name);

    const answer = await slack.chat.postMessage(message);

    expect(answer).toMatchObject({ ok: true, channel: "C0123456789", ts: "1795342500.000000" });
    expect(sandbox.messages).toEqual([
      {
        platform: "slack",
        kind: "bot",
        channel: "C0123456789",
        id: "1795342500.000000",
        body: message,
        receivedAt: time.now(),
      },
    ]);
    expect(sandbox.refused).toEqual([]);
  },
);

test("messages of one moment have different ids that sort as they were posted", async () => {
  const first = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "one" });
  const second = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "two" });

  expect([first.ts, second.ts]).toEqual(["1795342500.000000", "1795342500.000001"]);
});

test("a JSON body is taken like a form", async () => {
  const answer = await fetch(`${sandbox.slackApiUrl}chat.postMessage`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer xoxb-sandbox" },
    body: JSON.stringify({ channel: SLACK_CHANNEL, text: "hello", unfurl_links: false }),
  });

  expect(await answer.json()).toMatchObject({ ok: true });
  expect(sandbox.messages[0]?.body).toEqual({
    channel: SLACK_CHANNEL,
    text: "hello",
    unfurl_links: false,
  });
});

test("a channel may be named, and answers with its id", async () => {
  const answer = await slack.chat.postMessage({ channel: "#general", text: "hello" });

  expect(answer.channel).toMatch(/^C[A-Z0-9]{10}$/);
  expect(sandbox.messages[0]?.channel).toBe("general");
});

test("an update replaces text and blocks and keeps the metadata", async () => {
  const { ts = "" } = await slack.chat.postMessage({ ...example("slack-upgrade") });
  time.advance(60_000);

  const answer = await slack.chat.update({ channel: "C0123456789", ts, text: "Never mind." });

  expect(answer).toMatchObject({ ok: true, ts, text: "Never mind." });
  const [message] = sandbox.messages;
  expect(message?.editedAt).toBe(time.now());
  expect(message?.body).not.toHaveProperty("blocks");
  expect(message?.body).toMatchObject({
    text: "Never mind.",
    metadata: { event_payload: { event_id: "evt_01HZX3" } },
  });
});

test("an update with empty metadata removes it", async () => {
  const { ts = "" } = await slack.chat.postMessage({ ...example("slack-upgrade") });

  await slack.chat.update({
    channel: "C0123456789",
    ts,
    text: "x",
    metadata: {} as { event_type: string; event_payload: Record<string, string> },
  });

  expect(sandbox.messages[0]?.body).not.toHaveProperty("metadata");
});

test.each([
  ["of an unknown message", { ts: "1.000000" }, "message_not_found"],
  ["in a channel by its name", { channel: "general" }, "channel_not_found"],
  ["over 4,000 characters", { text: "x".repeat(4_001) }, "msg_too_long"],
  ["to nothing", { text: " " }, "no_text"],
])("an update %s is refused", async (_case, wrong, code) => {
  const { ts = "" } = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" });

  const found = await refusal(
    slack.chat.update({ channel: SLACK_CHANNEL, ts, text: "edited", ...wrong }),
  );

  expect(found.code).toBe(code);
});

test("nobody updates another bot's message", async () => {
  const { ts = "" } = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" });
  const other = await slackClient(sandbox.slackApiUrl, "xoxb-other");

  const found = await refusal(other.chat.update({ channel: SLACK_CHANNEL, ts, text: "mine" }));

  expect(found.code).toBe("cant_update_message");
});

test("the history lists the newest first, with metadata only where asked for", async () => {
  const message = example("slack-group");
  await slack.chat.postMessage({ channel: "C0123456789", text: "older" });
  time.advance(1_000);
  await slack.chat.postMessage(message);

  const bare = await slack.conversations.history({ channel: "C0123456789" });
  const full = await slack.conversations.history({
    channel: "C0123456789",
    include_all_metadata: true,
  });

  expect(bare.messages?.map(({ text }) => text)).toEqual([message.text, "older"]);
  expect(bare.messages?.[0]).not.toHaveProperty("metadata");
  expect(full.messages?.[0]?.metadata).toEqual(message.metadata);
});

test("the history can be bounded and read page by page", async () => {
  const ids: string[] = [];
  for (const text of ["one", "two", "three"]) {
    const { ts = "" } = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text });
    ids.push(ts);
    time.advance(1_000);
  }
  const read = async (more: object) => {
    const { messages = [] } = await slack.conversations.history({
      channel: SLACK_CHANNEL,
      ...more,
    });
    return messages.map(({ text }) => text);
  };

  const after = await read({ oldest: ids[1] });
  const from = await read({ oldest: ids[1], inclusive: true });
  const page = await slack.conversations.history({ channel: SLACK_CHANNEL, limit: 2 });
  const next = await read({ cursor: page.response_metadata?.next_cursor });

  expect(after).toEqual(["three"]);
  expect(from).toEqual(["three", "two"]);
  expect(page.has_more).toBe(true);
  expect(next).toEqual(["one"]);
});

test("replies in a thread are not part of the channel's history", async () => {
  const { ts = "" } = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "parent" });
  await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "reply", thread_ts: ts });

  const { messages = [] } = await slack.conversations.history({ channel: SLACK_CHANNEL });

  expect(messages.map(({ text }) => text)).toEqual(["parent"]);
  expect(sandbox.messages).toHaveLength(2);
});

test("a channel can be looked up and is listed once it is known", async () => {
  sandbox.setChannel("slack", SLACK_CHANNEL, "archived");

  const { channel } = await slack.conversations.info({ channel: SLACK_CHANNEL });
  const all = await slack.conversations.list();
  const open = await slack.conversations.list({ exclude_archived: true });

  expect(channel).toMatchObject({ id: SLACK_CHANNEL, is_archived: true, is_member: true });
  expect(all.channels?.map(({ id }) => id)).toEqual([SLACK_CHANNEL]);
  expect(open.channels).toEqual([]);
});

test.each([
  ["archived", "is_archived"],
  ["not_in_channel", "not_in_channel"],
  ["missing", "channel_not_found"],
  ["read_only", "restricted_action_read_only_channel"],
] as const)("a channel that is %s refuses messages with %s", async (state, code) => {
  sandbox.setChannel("slack", SLACK_CHANNEL, state);

  const found = await refusal(slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" }));

  expect(found.code).toBe(code);
  expect(sandbox.messages).toEqual([]);
  expect(sandbox.refused).toMatchObject([{ call: "chat.postMessage", code, status: 200 }]);
});

test("a channel that was opened again takes messages", async () => {
  sandbox.setChannel("slack", SLACK_CHANNEL, "archived");
  sandbox.setChannel("slack", SLACK_CHANNEL, "open");

  const answer = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" });

  expect(answer.ok).toBe(true);
});

test.each([
  ["xoxb-revoked", "token_revoked"],
  ["xoxb-invalid", "invalid_auth"],
  ["something-else", "invalid_auth"],
])("the token %s is answered with %s", async (token, code) => {
  const client = await slackClient(sandbox.slackApiUrl, token);

  const found = await refusal(client.auth.test());

  expect(found.code).toBe(code);
});

test("a call without a token is not authenticated", async () => {
  const answer = await fetch(`${sandbox.slackApiUrl}auth.test`, { method: "POST" });

  expect(await answer.json()).toEqual({ ok: false, error: "not_authed" });
});

test("an unknown method is named as such", async () => {
  const found = await refusal(slack.apiCall("chat.shout"));

  expect(found.code).toBe("unknown_method");
});

test.each([
  ["multipart/form-data", "x", "invalid_post_type"],
  ["application/json", "{", "invalid_json"],
  ["application/json", "[]", "json_not_object"],
  ["application/x-www-form-urlencoded", "channel=C024BE91L&blocks=[{", "invalid_blocks_format"],
  ["application/x-www-form-urlencoded", "channel=C024BE91L&metadata=x", "invalid_metadata_format"],
])("a %s body of %s is refused with %s", async (type, body, error) => {
  const answer = await fetch(`${sandbox.slackApiUrl}chat.postMessage`, {
    method: "POST",
    headers: { "content-type": type, authorization: "Bearer xoxb-sandbox" },
    body,
  });

  expect(await answer.json()).toEqual({ ok: false, error });
});

test("a body without a type is refused", async () => {
  const answer = await fetch(`${sandbox.slackApiUrl}chat.postMessage`, {
    method: "POST",
    headers: { authorization: "Bearer xoxb-sandbox" },
    body: new Blob(["channel=general"]),
  });

  expect(await answer.json()).toEqual({ ok: false, error: "missing_post_type" });
});

test("a text over 40,000 characters is cut with a warning", async () => {
  const answer = await slack.chat.postMessage({
    channel: SLACK_CHANNEL,
    text: "x".repeat(40_001),
  });

  expect(answer.response_metadata?.warnings).toEqual(["message_truncated"]);
  expect(sandbox.messages[0]?.body["text"]).toHaveLength(40_000);
});

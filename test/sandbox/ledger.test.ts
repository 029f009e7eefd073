import { afterEach, expect, test } from "vitest";
import { Ledger } from "../../src/sandbox/ledger.ts";
import type { SandboxMessage } from "../../src/sandbox/message.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { DISCORD_CHANNEL, discordClient, SLACK_CHANNEL, slackClient } from "./clients.ts";

let sandbox: Sandbox | undefined;

afterEach(async () => {
  await sandbox?.close();
  sandbox = undefined;
});

function message(id: string): SandboxMessage {
  const body = { text: `message ${id}` };
  return { platform: "slack", kind: "bot", channel: "general", id, body, receivedAt: 0 };
}

function entry(id: string, channelId = "C1") {
  return { channelId, author: "B1", message: message(id) };
}

test("finds messages by channel and id, and edits them in their places", () => {
  const ledger = new Ledger(Infinity);
  for (const [id, channelId] of [
    ["1", "C1"],
    ["2", "C2"],
    ["3", "C1"],
  ] as const)
    ledger.post(entry(id, channelId));

  const found = ledger.find("slack", "C1", "3");
  const edited = ledger.edit(found ?? entry("none"), { ...message("3"), editedAt: 5 });

  expect(ledger.find("slack", "C2", "3")).toBeUndefined();
  expect(ledger.find("discord", "C1", "3")).toBeUndefined();
  expect(ledger.find("slack", "C1", "3")).toBe(edited);
  expect(ledger.inChannel("slack", "C1").map((one) => one.message.editedAt)).toEqual([
    undefined,
    5,
  ]);
  expect(ledger.messages.map(({ editedAt }) => editedAt)).toEqual([undefined, undefined, 5]);
});

test("keeps the newest messages only, where it is told to, and can still find and edit those", () => {
  const ledger = new Ledger(3);
  for (let id = 1; id <= 10; id += 1) ledger.post(entry(String(id), id % 2 === 0 ? "even" : "odd"));

  const kept = ledger.find("slack", "odd", "9");
  ledger.edit(kept ?? entry("none"), { ...message("9"), editedAt: 5 });

  expect(ledger.messages.map(({ id, editedAt }) => [id, editedAt])).toEqual([
    ["8", undefined],
    ["9", 5],
    ["10", undefined],
  ]);
  expect(ledger.inChannel("slack", "even").map((one) => one.message.id)).toEqual(["8", "10"]);
  expect(ledger.find("slack", "odd", "7")).toBeUndefined();
});

test("a sandbox that keeps few messages has only those to give, and few refusals", async () => {
  sandbox = await startSandbox({ rateLimits: false, keep: 2 });
  const slack = await slackClient(sandbox.slackApiUrl);
  for (const text of ["one", "two", "three"])
    await slack.chat.postMessage({ channel: SLACK_CHANNEL, text });
  for (const method of ["a.a", "b.b", "c.c"]) await slack.apiCall(method).catch(() => undefined);

  const history = await slack.conversations.history({ channel: SLACK_CHANNEL });

  expect(history.messages?.map(({ text }) => text)).toEqual(["three", "two"]);
  expect(sandbox.messages).toHaveLength(2);
  expect(sandbox.refused.map(({ call }) => call)).toEqual(["b.b", "c.c"]);
  expect(sandbox.requests).toBe(7);
});

test("Slack's history comes in pages from the newest, back to the oldest asked for", async () => {
  sandbox = await startSandbox({ rateLimits: false });
  const slack = await slackClient(sandbox.slackApiUrl);
  const posted: string[] = [];
  for (let number = 0; number < 7; number += 1) {
    const { ts = "" } = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "x" });
    posted.push(ts);
  }
  const [, second, ...later] = posted;
  const page = { channel: SLACK_CHANNEL, oldest: second ?? "", limit: 3 };

  const first = await slack.conversations.history(page);
  const cursor = first.response_metadata?.next_cursor ?? "";
  const next = await slack.conversations.history({ ...page, cursor });
  const inclusive = await slack.conversations.history({ ...page, limit: 100, inclusive: true });

  const idsOf = (answer: typeof first) => answer.messages?.map(({ ts }) => ts);
  expect([...(idsOf(first) ?? []), ...(idsOf(next) ?? [])]).toEqual(later.toReversed());
  expect([first.has_more, next.has_more]).toEqual([true, false]);
  expect(idsOf(inclusive)).toEqual([second, ...later].toReversed());
});

test("Discord's history comes before, after or between messages, always the newest first", async () => {
  sandbox = await startSandbox({ rateLimits: false });
  const rest = discordClient(sandbox);
  const path = `/channels/${DISCORD_CHANNEL}/messages` as const;
  const ids: string[] = [];
  for (let number = 0; number < 5; number += 1) {
    const { id } = (await rest.post(path, { body: { content: "x" } })) as { id: string };
    ids.push(id);
  }
  const list = async (query: Record<string, string>) => {
    const found = await rest.get(path, { query: new URLSearchParams(query) });
    return (found as { id: string }[]).map(({ id }) => ids.indexOf(id));
  };

  const [a = "", , , d = ""] = ids;
  const pages = [
    await list({ limit: "2" }),
    await list({ limit: "2", before: d }),
    await list({ limit: "2", after: a }),
    await list({ limit: "50", after: a, before: d }),
  ];

  expect(pages).toEqual([
    [4, 3],
    [2, 1],
    [2, 1],
    [2, 1],
  ]);
});

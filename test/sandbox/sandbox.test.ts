import { afterEach, beforeEach, expect, test } from "vitest";
import type { SandboxMessage } from "../../src/sandbox/message.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { rejection, SLACK_CHANNEL, slackClient } from "./clients.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({
    channels: [
      { platform: "slack", id: SLACK_CHANNEL, name: "sales" },
      { platform: "slack", name: "attic", state: "archived" },
      { platform: "discord", id: "1099414111111111111", name: "success" },
    ],
  });
});

afterEach(() => sandbox.close());

test("it listens on loopback and tells what the clients need", () => {
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(sandbox.slackApiUrl).toBe(`${sandbox.url}/slack/api/`);
  expect(sandbox.discordApiUrl).toBe(`${sandbox.url}/discord/api`);
});

test("a channel with a name is called by it, however it was addressed", async () => {
  const slack = await slackClient(sandbox.slackApiUrl);

  await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "by id" });
  await slack.chat.postMessage({ channel: "sales", text: "by name" });

  expect(sandbox.messages.map(({ channel }) => channel)).toEqual(["sales", "sales"]);
});

test("a channel can be in a state from the start", async () => {
  const slack = await slackClient(sandbox.slackApiUrl);

  const error = await rejection(slack.chat.postMessage({ channel: "attic", text: "hello" }));

  expect(error).toMatchObject({ data: { error: "is_archived" } });
});

test("listeners hear of posts and edits until they leave", async () => {
  const slack = await slackClient(sandbox.slackApiUrl);
  const heard: SandboxMessage[] = [];
  const leave = sandbox.onMessage((message) => heard.push(message));

  const { ts = "" } = await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "posted" });
  await slack.chat.update({ channel: SLACK_CHANNEL, ts, text: "edited" });
  leave();
  await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "unheard" });

  expect(heard.map(({ body }) => body["text"])).toEqual(["posted", "edited"]);
});

test("every request counts, and clearing forgets what happened", async () => {
  const slack = await slackClient(sandbox.slackApiUrl);
  await slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" });
  await rejection(slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "" }));
  await fetch(`${sandbox.url}/nowhere`);
  const counted = sandbox.requests;

  sandbox.clear();

  expect(counted).toBe(3);
  expect([sandbox.requests, sandbox.messages, sandbox.refused]).toEqual([0, [], []]);
});

test("it closes at once, also while a request hangs", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "hang" } });
  const slack = await slackClient(sandbox.slackApiUrl);
  const received = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (sandbox.requests === 0) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  const hanging = rejection(slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" }));
  await received;

  await sandbox.close();

  expect(await hanging).toMatchObject({ message: expect.stringContaining("fetch failed") });
});

test("listeners hear of refusals until they leave", async () => {
  const slack = await slackClient(sandbox.slackApiUrl);
  const heard: string[] = [];
  const leave = sandbox.onRefused(({ channel, code }) => heard.push(`${channel}: ${code}`));

  await rejection(slack.chat.postMessage({ channel: "attic", text: "heard" }));
  leave();
  await rejection(slack.chat.postMessage({ channel: "attic", text: "not heard" }));

  expect(heard).toEqual(["attic: is_archived"]);
});

import type { WebClient } from "@slack/web-api";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { rejection, slackClient } from "../clients.ts";

/** A stand-in for Slack that nobody here wrote: where both answer a call, they should agree. */
let emulator: Emulator;
let sandbox: Sandbox;
let theirs: WebClient;
let ours: WebClient;

beforeAll(async () => {
  sandbox = await startSandbox({ channels: [{ platform: "slack", name: "general" }] });
  emulator = await createEmulator({ service: "slack", port: await freePort() });
  theirs = await slackClient(`${emulator.url}/api/`, "xoxb-sandbox");
  ours = await slackClient(sandbox.slackApiUrl);
});

afterAll(async () => {
  await emulator.close();
  await sandbox.close();
});

async function freePort(): Promise<number> {
  const probe = await startSandbox();
  await probe.close();
  return Number(new URL(probe.url).port);
}

async function generalOf(client: WebClient): Promise<string> {
  const { channels = [] } = await client.conversations.list();
  return channels.find(({ name }) => name === "general")?.id ?? "";
}

/** Ours has at least what theirs has, of the same types. */
function expectSameShape(mine: object, other: object): void {
  for (const [key, value] of Object.entries(other)) {
    expect(mine, key).toHaveProperty(key);
    expect(typeof (mine as Record<string, unknown>)[key], key).toBe(typeof value);
  }
}

test("both tell a bot who it is in the same shape", async () => {
  const [mine, other] = [await ours.auth.test(), await theirs.auth.test()];

  const { app_id: _app, app_name: _name, bot_id: _bot, ...known } = other;
  expectSameShape(mine, known);
});

test.each([{ text: "" }, { blocks: [] }])("both refuse an empty message %j", async (empty) => {
  const refusals = await Promise.all(
    [ours, theirs].map(async (client) =>
      rejection(client.apiCall("chat.postMessage", { channel: await generalOf(client), ...empty })),
    ),
  );

  expect(refusals).toMatchObject([{ data: { error: "no_text" } }, { data: { error: "no_text" } }]);
});

test("both keep a message in the channel's history in the same shape", async () => {
  const message = {
    text: "hello",
    blocks: [{ type: "section", text: { type: "mrkdwn", text: "hello" } }],
    metadata: { event_type: "greeting", event_payload: { event_id: "evt_1" } },
  };
  const read = async (client: WebClient) => {
    const channel = await generalOf(client);
    await client.apiCall("chat.postMessage", { channel, ...message });
    return client.conversations.history({ channel, include_all_metadata: true, limit: 1 });
  };

  const [mine, other] = [await read(ours), await read(theirs)];

  expectSameShape(mine, { ...other, messages: [] });
  expect(mine.messages?.[0]).toMatchObject(message);
  expect(other.messages?.[0]).toMatchObject(message);
});

test("both refuse to update a message that is not there", async () => {
  const refusals = await Promise.all(
    [ours, theirs].map(async (client) =>
      rejection(
        client.chat.update({ channel: await generalOf(client), ts: "1.000000", text: "x" }),
      ),
    ),
  );

  expect(refusals).toMatchObject([
    { data: { error: "message_not_found" } },
    { data: { error: "message_not_found" } },
  ]);
});

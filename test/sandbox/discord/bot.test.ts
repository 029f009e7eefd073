import { readFileSync } from "node:fs";
import { DiscordAPIError, Routes, type REST } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { clock, DISCORD_CHANNEL, discordClient, rejection, type Clock } from "../clients.ts";

let sandbox: Sandbox;
let discord: REST;
let time: Clock;

beforeEach(async () => {
  time = clock();
  sandbox = await startSandbox({ now: time.now, rateLimits: false });
  discord = discordClient(sandbox);
});

afterEach(() => sandbox.close());

function example(name: string): JsonObject {
  const url = new URL(`../../fixtures/examples/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as JsonObject;
}

interface Posted {
  readonly id: string;
  readonly content: string;
}

async function post(body: object, client = discord): Promise<Posted> {
  return (await client.post(Routes.channelMessages(DISCORD_CHANNEL), { body })) as Posted;
}

function failedEdit(client: REST, message: string, body: object): Promise<DiscordAPIError> {
  return refusal(client.patch(Routes.channelMessage(DISCORD_CHANNEL, message), { body }));
}

/** discord.js's own error. */
async function refusal(promise: Promise<unknown>): Promise<DiscordAPIError> {
  const error = await rejection(promise);
  if (!(error instanceof DiscordAPIError)) throw error;
  return error;
}

test.each(["discord-upgrade", "discord-group"])(
  "the example %s is taken as it stands",
  async (name) => {
    const body = example(name);

    const answer = await post(body);

    expect(answer).toMatchObject({ channel_id: DISCORD_CHANNEL, content: body["content"] });
    expect(sandbox.messages).toEqual([
      {
        platform: "discord",
        kind: "bot",
        channel: DISCORD_CHANNEL,
        id: answer.id,
        body,
        receivedAt: time.now(),
      },
    ]);
  },
);

test("ids are snowflakes that tell when and grow", async () => {
  const first = await post({ content: "one" });
  const second = await post({ content: "two" });

  const at = Number(BigInt(first.id) >> 22n) + 1_420_070_400_000;
  expect(at).toBe(time.now());
  expect(BigInt(second.id)).toBe(BigInt(first.id) + 1n);
});

test("an enforced nonce gives back the message that is already there", async () => {
  const body = { content: "once", nonce: "3f1c2a9be0d44c7f8a5b6c7d8", enforce_nonce: true };

  const first = await post(body);
  time.advance(120_000);
  const second = await post(body);

  expect(second.id).toBe(first.id);
  expect(sandbox.messages).toHaveLength(1);
});

test("a nonce is forgotten after a few minutes", async () => {
  const body = { content: "once", nonce: "1", enforce_nonce: true };

  await post(body);
  time.advance(600_000);
  await post(body);

  expect(sandbox.messages).toHaveLength(2);
});

test("a nonce counts per author, and only when it is enforced", async () => {
  const other = discordClient(sandbox, "other");
  const body = { content: "once", nonce: "1", enforce_nonce: true };

  await post(body);
  await post(body, other);
  await post({ ...body, enforce_nonce: false });

  expect(sandbox.messages).toHaveLength(3);
});

test("an edit changes what it names and keeps the rest", async () => {
  const { id } = await post({ content: "before", embeds: [{ title: "kept" }] });
  time.advance(5_000);

  const answer = await discord.patch(Routes.channelMessage(DISCORD_CHANNEL, id), {
    body: { content: "after" },
  });

  expect(answer).toMatchObject({
    id,
    content: "after",
    embeds: [{ title: "kept" }],
    edited_timestamp: "2026-11-22T10:15:05.000Z",
  });
  expect(sandbox.messages).toMatchObject([{ id, editedAt: time.now() }]);
});

test("an edit needs a message, of one's own, with something left in it", async () => {
  const { id } = await post({ content: "mine" });
  const other = discordClient(sandbox, "other");

  const unknown = await failedEdit(discord, "1", { content: "x" });
  const foreign = await failedEdit(other, id, { content: "x" });
  const empty = await failedEdit(discord, id, { content: "" });

  expect([unknown.code, foreign.code, empty.code]).toEqual([10008, 50005, 50006]);
});

test("messages can be read back, the newest first", async () => {
  const one = await post({ content: "one" });
  const two = await post({ content: "two" });
  await post({ content: "three" });
  const read = async (query: string) => {
    const path = Routes.channelMessages(DISCORD_CHANNEL);
    const found = (await discord.get(path, { query: new URLSearchParams(query) })) as Posted[];
    return found.map(({ content }) => content);
  };

  expect(await read("")).toEqual(["three", "two", "one"]);
  expect(await read("limit=1")).toEqual(["three"]);
  expect(await read(`before=${two.id}`)).toEqual(["one"]);
  expect(await read(`after=${one.id}&limit=1`)).toEqual(["two"]);
  expect(await discord.get(Routes.channelMessage(DISCORD_CHANNEL, one.id))).toMatchObject(one);
});

test("a place in the history that is no id is refused", async () => {
  const query = new URLSearchParams("before=yesterday");

  const error = await refusal(discord.get(Routes.channelMessages(DISCORD_CHANNEL), { query }));

  expect(error.message).toContain('Value "yesterday" is not snowflake.');
});

test("a limit out of bounds is refused", async () => {
  const query = new URLSearchParams("limit=101");

  const error = await refusal(discord.get(Routes.channelMessages(DISCORD_CHANNEL), { query }));

  expect(error.message).toContain("limit[NUMBER_TYPE_MAX]: int value should be less than or equal");
});

test("a bot learns who it is and what its channel is", async () => {
  const user = await discord.get(Routes.user());
  const channel = await discord.get(Routes.channel(DISCORD_CHANNEL));

  expect(user).toMatchObject({ username: "Bellhop", bot: true });
  expect(channel).toMatchObject({ id: DISCORD_CHANNEL, type: 0 });
});

test.each([
  ["missing", 10003, 404, "Unknown Channel"],
  ["not_in_channel", 50001, 403, "Missing Access"],
  ["read_only", 50013, 403, "Missing Permissions"],
  ["archived", 50083, 400, "Thread is archived"],
] as const)("a channel that is %s answers %i", async (state, code, status, message) => {
  sandbox.setChannel("discord", DISCORD_CHANNEL, state);

  const error = await refusal(post({ content: "hello" }));

  expect(error).toMatchObject({ code, status, message });
  expect(sandbox.refused).toMatchObject([{ code: String(code), status }]);
});

test("a channel whose id is none is refused as a form", async () => {
  const error = await refusal(discord.get(Routes.channel("general")));

  expect(error.rawError).toEqual({
    message: "Invalid Form Body",
    code: 50035,
    errors: {
      channel_id: {
        _errors: [{ code: "NUMBER_TYPE_COERCE", message: 'Value "general" is not snowflake.' }],
      },
    },
  });
});

test.each(["revoked", "invalid"])("a token that is %s is unauthorized", async (token) => {
  const error = await refusal(post({ content: "hello" }, discordClient(sandbox, token)));

  expect(error).toMatchObject({ status: 401, code: 0, message: "401: Unauthorized" });
});

test("a request without a token is unauthorized", async () => {
  const answer = await fetch(`${sandbox.discordApiUrl}/v10/users/@me`);

  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({ message: "401: Unauthorized", code: 0 });
});

test("a path that does not exist, and a method that a path does not have, are told apart", async () => {
  const none = await refusal(discord.get("/nowhere"));
  const wrong = await refusal(discord.delete(Routes.channel(DISCORD_CHANNEL)));

  expect([none.status, wrong.status]).toEqual([404, 405]);
});

test.each([
  ["application/json", "{", 50109],
  ["text/plain", "hello", 50035],
])("a %s body of %s is refused with %i", async (type, body, code) => {
  const answer = await fetch(`${sandbox.discordApiUrl}/v10/channels/${DISCORD_CHANNEL}/messages`, {
    method: "POST",
    headers: { authorization: "Bot sandbox", "content-type": type },
    body,
  });

  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ code });
});

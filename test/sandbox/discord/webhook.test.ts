import { DiscordAPIError, REST, WebhookClient } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { clock, rejection } from "../clients.ts";

let sandbox: Sandbox;
let url: string;

beforeEach(async () => {
  sandbox = await startSandbox({ now: clock().now, rateLimits: false });
  url = sandbox.discordWebhook("ops");
});

afterEach(() => sandbox.close());

async function send(method: string, address: string, body?: object) {
  const answer = await fetch(address, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as unknown) };
}

test("a webhook's URL has Discord's path and stays the same for its channel", () => {
  expect(new URL(url).pathname).toMatch(/^\/api\/webhooks\/\d{17,20}\/[\w-]{68}$/);
  expect(sandbox.discordWebhook("ops")).toBe(url);
  expect(sandbox.discordWebhook("sales")).not.toBe(url);
});

test("without wait a message is taken and answered with nothing", async () => {
  const answer = await send("POST", url, { content: "hello" });

  expect(answer).toEqual({ status: 204, body: null });
  expect(sandbox.messages).toMatchObject([
    { platform: "discord", kind: "webhook", channel: "ops", body: { content: "hello" } },
  ]);
});

test("with wait the message comes back", async () => {
  const answer = await send("POST", `${url}?wait=true`, { content: "hello", username: "Ops" });

  expect(answer).toMatchObject({
    status: 200,
    body: { id: sandbox.messages[0]?.id, content: "hello", author: { username: "Ops" } },
  });
});

test("discord.js's webhook client posts, reads and edits", async () => {
  const [id = "", token = ""] = url.split("/").slice(-2);
  const client = new WebhookClient({ id, token }, { rest: { api: sandbox.discordApiUrl } });

  const posted = await client.send({ content: "hello" });
  const edited = await client.editMessage(posted.id, { content: "edited" });
  const read = await client.fetchMessage(posted.id);

  expect([edited.id, read.id]).toEqual([posted.id, posted.id]);
  expect(read.content).toBe("edited");
  expect(sandbox.messages).toMatchObject([{ body: { content: "edited" } }]);
});

test("a webhook tells what it is", async () => {
  const answer = await send("GET", url);

  expect(answer).toMatchObject({ status: 200, body: { type: 1, name: "Bellhop" } });
});

test("a nonce does not keep a webhook from posting twice", async () => {
  const body = { content: "hello", nonce: "1", enforce_nonce: true };

  await send("POST", url, body);
  await send("POST", url, body);

  expect(sandbox.messages).toHaveLength(2);
});

test("buttons are dropped unless they are asked for", async () => {
  const components = [
    { type: 1, components: [{ type: 2, style: 5, label: "Go", url: "https://example.com/" }] },
  ];

  await send("POST", url, { content: "without", components });
  await send("POST", `${url}?with_components=true`, { content: "with", components });

  expect(sandbox.messages.map(({ body }) => body)).toEqual([
    { content: "without" },
    { content: "with", components },
  ]);
});

test.each([
  ["an unknown webhook", (known: string) => known.replace(/\d{19}/, "1"), 404, 10015],
  ["a wrong token", (known: string) => `${known}x`, 401, 50027],
])("%s is refused", async (_case, wrong, status, code) => {
  const answer = await send("POST", wrong(url), { content: "hello" });

  expect(answer).toMatchObject({ status, body: { code } });
});

test("discord.js names a webhook that was removed as unknown", async () => {
  sandbox.removeWebhook(url);
  const rest = new REST({ api: sandbox.discordApiUrl, retries: 0 });
  const path = new URL(url).pathname.replace("/api", "") as `/${string}`;

  const error = await rejection(rest.post(path, { auth: false, body: { content: "hello" } }));

  expect(error).toBeInstanceOf(DiscordAPIError);
  expect(error).toMatchObject({ code: 10015, status: 404, message: "Unknown Webhook" });
});

test("a deleted channel takes its webhooks with it", async () => {
  sandbox.setChannel("discord", "ops", "missing");

  const answer = await send("POST", url, { content: "hello" });

  expect(answer).toMatchObject({ status: 404, body: { code: 10015 } });
});

test.each([
  ["", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length."],
  ["x".repeat(81), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length."],
  ["Discord Ops", "USERNAME_INVALID_CONTAINS", 'Username cannot contain "discord"'],
])("the user name %j is refused", async (username, code, message) => {
  const answer = await send("POST", url, { content: "hello", username });

  expect(answer).toMatchObject({
    status: 400,
    body: { code: 50035, errors: { username: { _errors: [{ code, message }] } } },
  });
});

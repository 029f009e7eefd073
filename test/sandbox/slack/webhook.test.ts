import { afterEach, beforeEach, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { clock } from "../clients.ts";

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await startSandbox({ now: clock().now });
});

afterEach(() => sandbox.close());

async function post(url: string, body: string, type = "application/json") {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": type }, body });
  return { status: answer.status, text: await answer.text() };
}

test("a webhook's URL has Slack's path and stays the same for its channel", () => {
  const url = sandbox.slackWebhook("ops");

  expect(new URL(url).pathname).toMatch(/^\/services\/T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]{24}$/);
  expect(sandbox.slackWebhook("ops")).toBe(url);
  expect(sandbox.slackWebhook("sales")).not.toBe(url);
});

test("a message is answered with ok in plain text", async () => {
  const answer = await post(sandbox.slackWebhook("ops"), JSON.stringify({ text: "hello" }));

  expect(answer).toEqual({ status: 200, text: "ok" });
  expect(sandbox.messages).toMatchObject([
    { platform: "slack", kind: "webhook", channel: "ops", body: { text: "hello" } },
  ]);
});

test("a form with a payload is taken too", async () => {
  const form = new URLSearchParams({ payload: JSON.stringify({ text: "hello" }) }).toString();

  const answer = await post(sandbox.slackWebhook("ops"), form, "application/x-www-form-urlencoded");

  expect(answer).toEqual({ status: 200, text: "ok" });
});

test.each([
  ["no JSON", "{", 400, "invalid_payload"],
  ["no text", "{}", 400, "no_text"],
  ["invalid blocks", '{"text":"x","blocks":[{"type":"section"}]}', 400, "invalid_blocks"],
])("a body with %s is refused", async (_case, body, status, text) => {
  const answer = await post(sandbox.slackWebhook("ops"), body);

  expect(answer).toEqual({ status, text });
  expect(sandbox.refused).toMatchObject([{ call: "webhook", channel: "ops", status, code: text }]);
});

test.each([
  ["archived", 410, "channel_is_archived"],
  ["missing", 404, "channel_not_found"],
  ["read_only", 403, "action_prohibited"],
] as const)("a channel that is %s answers %i %s", async (state, status, text) => {
  const url = sandbox.slackWebhook("ops");
  sandbox.setChannel("slack", "ops", state);

  const answer = await post(url, JSON.stringify({ text: "hello" }));

  expect(answer).toEqual({ status, text });
});

test("a webhook needs no membership of its channel", async () => {
  sandbox.setChannel("slack", "ops", "not_in_channel");

  const answer = await post(sandbox.slackWebhook("ops"), JSON.stringify({ text: "hello" }));

  expect(answer.status).toBe(200);
});

test("a webhook that was removed is no service", async () => {
  const url = sandbox.slackWebhook("ops");
  sandbox.removeWebhook(url);

  const answer = await post(url, JSON.stringify({ text: "hello" }));

  expect(answer).toEqual({ status: 404, text: "no_service" });
});

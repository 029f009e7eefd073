import http, { Agent } from "node:http";
import { ErrorCode } from "@slack/web-api";
import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../src/sandbox/faults.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/sandbox.ts";
import { SENT_AT_HEADER } from "../../src/sandbox/sent-at.ts";
import { clock, rejection, SLACK_CHANNEL, slackClient } from "./clients.ts";
import { discordRequest, request, slackRequest } from "./requests.ts";

let sandbox: Sandbox;

afterEach(() => sandbox.close());

async function start(options: SandboxOptions = {}) {
  const time = clock();
  sandbox = await startSandbox({ now: time.now, rateLimits: false, ...options });
  return time;
}

function limit(platform: "slack" | "discord", fault: Partial<Fault & { kind: "rate_limit" }> = {}) {
  sandbox.fault({ platform, fault: { kind: "rate_limit", retryAfterMs: 30_000, ...fault } });
}

const slack = (method?: string, token?: string) => slackRequest(sandbox, method, token);

describe("Slack's 429", () => {
  test("closes one method to one token until its whole seconds are over", async () => {
    const time = await start();
    limit("slack", { retryAfterMs: 1_500 });

    const first = await slack();
    time.advance(1_998);
    const early = await slack();
    const [method, token, webhook] = [
      await slack("auth.test"),
      await slack("chat.postMessage", "xoxb-other"),
      await request(sandbox.slackWebhook("ops")),
    ];
    time.advance(1);
    const later = await slack();

    expect(first).toMatchObject({ status: 429, text: '{"ok":false,"error":"ratelimited"}' });
    expect(first.headers.get("retry-after")).toBe("2");
    expect(early.status).toBe(429);
    expect(early.headers.get("retry-after")).toBe("1");
    expect([method, token, webhook, later].map(({ status }) => status)).toEqual([
      200, 200, 200, 200,
    ]);
    expect(sandbox.early).toBe(1);
    expect(sandbox.refused).toMatchObject([
      { code: "ratelimited", details: ["It came 0.002 s before the wait was over."] },
    ]);
  });

  test("closes every channel of the method", async () => {
    const time = await start({ rateLimits: "strict" });
    const client = await slackClient(sandbox.slackApiUrl);
    await client.chat.postMessage({ channel: SLACK_CHANNEL, text: "x" });
    await rejection(client.chat.postMessage({ channel: SLACK_CHANNEL, text: "x" }));
    time.advance(100);

    const error = await rejection(client.chat.postMessage({ channel: "C0000000001", text: "x" }));

    expect(error).toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 1 });
    expect(sandbox.early).toBe(1);
  });

  test("closes a webhook, and no other", async () => {
    const time = await start();
    limit("slack");
    const url = sandbox.slackWebhook("ops");

    const first = await request(url);
    time.advance(100);
    const answers = [first, await request(url)];
    const other = await request(sandbox.slackWebhook("sales"));

    expect(answers).toMatchObject([
      { status: 429, text: "rate_limited" },
      { status: 429, text: "rate_limited" },
    ]);
    expect(other.status).toBe(200);
    expect(sandbox.early).toBe(1);
  });

  test("without a wait closes nothing, and Slack's client does not take it for a rate limit", async () => {
    await start();
    limit("slack", { retryAfterMs: null });
    limit("slack", { retryAfterMs: null });
    const client = await slackClient(sandbox.slackApiUrl);
    const post = () => client.chat.postMessage({ channel: SLACK_CHANNEL, text: "x" });

    const plain = await slack();
    const error = await rejection(post());
    const later = await post();

    expect(plain.status).toBe(429);
    expect(plain.headers.has("retry-after")).toBe(false);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty("retryAfter");
    expect(later.ok).toBe(true);
    expect(sandbox.early).toBe(0);
  });
});

test("a scope that the platform has not is its usual one", async () => {
  const time = await start();
  limit("slack", { scope: "bucket" });
  limit("discord", { scope: "method" });

  const answers = [await slack(), await discordRequest(sandbox)];
  time.advance(100);
  await slack();
  await discordRequest(sandbox);

  expect(answers.map(({ status }) => status)).toEqual([429, 429]);
  expect(answers[1]?.headers.get("x-ratelimit-scope")).toBe("user");
  expect(sandbox.early).toBe(2);
});

test("a request that was under way when the 429 went out is refused, and not called early", async () => {
  await start();
  limit("slack");

  const answers = await Promise.all([slack(), slack(), slack()]);

  expect(answers.map(({ status }) => status)).toEqual([429, 429, 429]);
  expect(sandbox.refused).toHaveLength(2);
  expect(sandbox.early).toBe(0);
});

test("a request by the connection that the 429 came by is early at once", async () => {
  await start();
  limit("slack");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = () =>
    new Promise<void>((resolve, reject) => {
      const sent = http.get(`${sandbox.slackApiUrl}auth.test`, { agent }, (answer) =>
        answer.resume().on("end", resolve),
      );
      sent.on("error", reject);
    });

  await get();
  await get();
  agent.destroy();

  expect(sandbox.early).toBe(1);
});

test("clearing opens what is closed, and forgets who was early", async () => {
  const time = await start();
  limit("slack");
  await slack();
  time.advance(100);
  await slack();
  const before = sandbox.early;

  sandbox.clear();
  const answer = await slack();

  expect(answer.status).toBe(200);
  expect([before, sandbox.early]).toEqual([1, 0]);
});

test("what a caller says of when it sent a request counts more than when it came", async () => {
  const time = await start();
  const openedAt = time.now();
  limit("slack", { retryAfterMs: 1_000 });
  await slack();
  time.advance(500);
  const sentAt = (at: number) =>
    slackRequest(sandbox, undefined, undefined, { [SENT_AT_HEADER]: String(at) });

  const before = await sentAt(openedAt - 1);
  const earlyBefore = sandbox.early;
  const after = await sentAt(openedAt + 400);

  expect([before.status, after.status]).toEqual([429, 429]);
  expect(earlyBefore).toBe(0);
  expect(sandbox.early).toBe(1);
});

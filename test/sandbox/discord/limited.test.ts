import { RateLimitError, Routes } from "discord.js";
import { afterEach, expect, test } from "vitest";
import type { Fault } from "../../../src/sandbox/faults.ts";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../src/sandbox/sandbox.ts";
import { clock, DISCORD_CHANNEL, discordClient, rejection } from "../clients.ts";
import { type Answered, discordRequest, request } from "../requests.ts";

let sandbox: Sandbox;

afterEach(() => sandbox.close());

async function start(options: SandboxOptions = {}) {
  const time = clock();
  sandbox = await startSandbox({ now: time.now, rateLimits: false, ...options });
  return time;
}

function limit(fault: Partial<Fault & { kind: "rate_limit" }> = {}) {
  sandbox.fault({
    platform: "discord",
    fault: { kind: "rate_limit", retryAfterMs: 30_000, ...fault },
  });
}

const discord = (channel?: string, token?: string) => discordRequest(sandbox, channel, token);

function headersOf({ headers }: Answered, pattern: RegExp) {
  return Object.fromEntries([...headers].filter(([name]) => pattern.test(name)));
}

test("a 429 for a bucket has its headers, and closes one channel to one bot", async () => {
  const time = await start();
  limit({ retryAfterMs: 1_234 });

  const first = await discord();
  time.advance(1_200);
  const early = await discord();
  const others = [await discord("1099414111111111112"), await discord(DISCORD_CHANNEL, "two")];
  time.advance(33);
  const later = await discord();

  expect(headersOf(first, /ratelimit|retry/)).toEqual({
    "retry-after": "2",
    "x-ratelimit-bucket": expect.stringMatching(/^\d+$/) as string,
    "x-ratelimit-limit": "5",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": "1795342501.234",
    "x-ratelimit-reset-after": "1.234",
    "x-ratelimit-scope": "user",
  });
  expect(JSON.parse(first.text)).toEqual({
    message: "You are being rate limited.",
    retry_after: 1.234,
    global: false,
  });
  expect(JSON.parse(early.text)).toMatchObject({ retry_after: 0.034 });
  expect(others.map(({ status }) => status)).toEqual([200, 200]);
  expect(later.status).toBe(200);
  expect(sandbox.early).toBe(1);
});

test("a 429 of scope shared closes the channel to every bot", async () => {
  const time = await start();
  limit({ scope: "shared" });

  const first = await discord();
  time.advance(100);
  const other = await discord(DISCORD_CHANNEL, "two");

  expect(first.headers.get("x-ratelimit-scope")).toBe("shared");
  expect(other.status).toBe(429);
  expect(sandbox.early).toBe(1);
});

test("a 429 of scope global has no bucket, and closes everything to the bot", async () => {
  await start();
  limit({ scope: "global" });

  const first = await discord();
  const elsewhere = await discord("1099414111111111112");
  const other = await discord(DISCORD_CHANNEL, "two");

  expect(headersOf(first, /ratelimit/)).toEqual({
    "x-ratelimit-global": "true",
    "x-ratelimit-scope": "global",
  });
  expect(JSON.parse(first.text)).toMatchObject({ global: true, retry_after: 30 });
  expect(elsewhere.status).toBe(429);
  expect(other.status).toBe(200);
});

test("a 429 for the network is a page of Cloudflare's, and closes everything to everybody", async () => {
  const time = await start();
  limit({ scope: "network" });

  const first = await discord();
  time.advance(100);
  const others = [
    await discord("1099414111111111112", "two"),
    await request(sandbox.discordWebhook("ops")),
  ];

  expect(headersOf(first, /ratelimit|retry|server|type/)).toEqual({
    "content-type": "text/html; charset=UTF-8",
    "retry-after": "30",
    server: "cloudflare",
  });
  expect(first.text).toContain("Error 1015");
  expect(others.map(({ status }) => status)).toEqual([429, 429]);
  expect(sandbox.early).toBe(2);
});

test.each(["bucket", "shared", "global", "network"] as const)(
  "a 429 of scope %s is a rate limit to discord.js",
  async (scope) => {
    await start();
    limit({ scope, retryAfterMs: 2_000 });

    const error = await rejection(
      discordClient(sandbox).post(Routes.channelMessages(DISCORD_CHANNEL), {
        body: { content: "x" },
      }),
    );

    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ global: scope === "global" });
  },
);

test("a 429 without a wait tells none anywhere, and closes nothing", async () => {
  await start();
  limit({ retryAfterMs: null });

  const first = await discord();
  const later = await discord();

  expect(headersOf(first, /ratelimit|retry/)).toEqual({ "x-ratelimit-scope": "user" });
  expect(JSON.parse(first.text)).toEqual({
    message: "You are being rate limited.",
    global: false,
  });
  expect(later.status).toBe(200);
});

test.each([20016, 20028, 20029, 40062])(
  "a 429 comes with code %i, when that is asked for",
  async (code) => {
    await start();
    sandbox.fault({ platform: "discord", fault: { kind: "error", code } });

    const first = await discord();
    const early = await discord();

    expect(first.status).toBe(429);
    expect(JSON.parse(first.text)).toMatchObject({ code, retry_after: 5, global: false });
    expect(early.status).toBe(429);
  },
);

test("a 429 of the sandbox's own closes the bucket too", async () => {
  const time = await start({ rateLimits: true });
  for (let number = 1; number <= 6; number += 1) await discord();
  time.advance(100);

  const early = await discord();
  time.advance(4_900);
  const later = await discord();

  expect(early.status).toBe(429);
  expect(later.status).toBe(200);
  expect(sandbox.early).toBe(1);
});

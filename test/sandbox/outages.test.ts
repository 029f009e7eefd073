import { ErrorCode } from "@slack/web-api";
import { Routes } from "discord.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runOutages } from "../../src/sandbox/outages.ts";
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

async function slackPost() {
  const slack = await slackClient(sandbox.slackApiUrl);
  return slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "hello" });
}

function discordPost() {
  const path = Routes.channelMessages(DISCORD_CHANNEL);
  return discordClient(sandbox).post(path, { body: { content: "hello" } });
}

/** The codes along an error's chain of causes. */
function codesOf(error: unknown): unknown[] {
  if (!(error instanceof Error)) return [];
  return [...("code" in error ? [error.code] : []), ...codesOf(error.cause)];
}

test("while the port is down both clients are refused, and afterwards taken again", async () => {
  await slackPost();
  await sandbox.down();

  const slack = await rejection(slackPost());
  const discord = await rejection(discordPost());
  await sandbox.up();
  const later = [await slackPost(), await discordPost()];

  expect(slack).toMatchObject({ code: ErrorCode.RequestError });
  expect(codesOf(slack)).toContain("ECONNREFUSED");
  expect(codesOf(discord)).toContain("ECONNREFUSED");
  expect(later).toMatchObject([{ ok: true }, { channel_id: DISCORD_CHANNEL }]);
  expect(sandbox.messages).toHaveLength(3);
  expect(sandbox.requests).toBe(3);
});

test("going down ends a request that hangs", async () => {
  sandbox.fault({ platform: "slack", fault: { kind: "hang" } });
  const hanging = rejection(
    fetch(`${sandbox.slackApiUrl}auth.test`, { signal: AbortSignal.timeout(60_000) }),
  );
  while (sandbox.requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));

  await sandbox.down();
  const error = await hanging;

  expect(error).not.toMatchObject({ name: "TimeoutError" });
});

test("down and up can be called twice, and at once, and the last one has its way", async () => {
  await Promise.all([sandbox.down(), sandbox.up(), sandbox.down(), sandbox.down()]);
  const refused = await rejection(slackPost());
  await Promise.all([sandbox.down(), sandbox.up(), sandbox.up()]);
  const answer = await slackPost();

  expect(refused).toMatchObject({ code: ErrorCode.RequestError });
  expect(answer.ok).toBe(true);
});

test("outages close the port and open it again, each turn told", async () => {
  const end = new AbortController();
  const turns: boolean[] = [];
  const told = (isDown: boolean) => {
    turns.push(isDown);
    if (turns.length === 4) end.abort();
  };

  await runOutages(sandbox, [{ afterMs: 5, forMs: 10, everyMs: 30 }], {
    signal: end.signal,
    told,
  });
  const answer = await slackPost();

  expect(turns).toEqual([true, false, true, false]);
  expect(answer.ok).toBe(true);
});

test("a turn that comes late is made late, and none is left out", async () => {
  const end = new AbortController();
  const turns: boolean[] = [];
  const told = (isDown: boolean) => {
    turns.push(isDown);
    if (turns.length === 4) end.abort();
  };

  const running = runOutages(sandbox, [{ afterMs: 1, forMs: 2, everyMs: 4 }], {
    signal: end.signal,
    told,
  });
  const until = performance.now() + 50;
  while (performance.now() < until);
  await running;

  expect(turns).toEqual([true, false, true, false]);
});

test("an outage with no end lasts until the signal", async () => {
  const end = new AbortController();
  const turns: boolean[] = [];
  const down = Promise.withResolvers<void>();

  const running = runOutages(sandbox, [{ afterMs: 1 }], {
    signal: end.signal,
    told: (isDown) => {
      turns.push(isDown);
      down.resolve();
    },
  });
  await down.promise;
  end.abort();
  await running;

  expect(turns).toEqual([true]);
});

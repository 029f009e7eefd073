import { App, LogLevel, type Logger, type Receiver } from "@slack/bolt";
import type { WebClient } from "@slack/web-api";
import { REST } from "discord.js";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

/** A token that the sandbox takes. */
const BOT_TOKEN = "xoxb-sandbox";

/** A Slack id and a Discord id of a channel. */
export const SLACK_CHANNEL = "C024BE91L";
export const DISCORD_CHANNEL = "1099414111111111111";

const NO_RECEIVER: Receiver = {
  init: () => undefined,
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/** The refusals that tests provoke are no news. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** How long an answer is waited for, in milliseconds; long enough for a machine that does much else. */
const PATIENCE_MS = 2_000;

/** Slack's own client, as Bolt makes it for posting only, without retries. */
export async function slackClient(
  slackApiUrl: string,
  token = BOT_TOKEN,
  timeout = PATIENCE_MS,
): Promise<WebClient> {
  const app = new App({
    token,
    receiver: NO_RECEIVER,
    deferInitialization: true,
    tokenVerificationEnabled: false,
    logger: SILENT,
    convoStore: false,
    clientOptions: {
      slackApiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout,
      logger: SILENT,
    },
  });
  await app.init();
  return app.client;
}

/** discord.js's own client without a gateway and without retries. */
export function discordClient(sandbox: Sandbox, token: string | null = "sandbox"): REST {
  const rest = new REST({
    api: sandbox.discordApiUrl,
    retries: 0,
    timeout: PATIENCE_MS,
    rejectOnRateLimit: () => true,
  });
  return token === null ? rest : rest.setToken(token);
}

/** What a promise was rejected with; fails when it was not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("The call went through.");
}

/** A clock that stands still until it is advanced. */
export interface Clock {
  readonly now: () => number;
  advance(ms: number): void;
}

/** A clock that shows 22 November 2026, 10:15 UTC. */
export function clock(): Clock {
  let at = Date.parse("2026-11-22T10:15:00Z");
  return {
    now: () => at,
    advance: (ms) => {
      at += ms;
    },
  };
}

import { ErrorCode } from "@slack/web-api";
import { DiscordAPIError, HTTPError, RateLimitError, Routes } from "discord.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DISCORD_ERRORS } from "../../src/destinations/discord/errors.ts";
import { SLACK_ERRORS } from "../../src/destinations/slack/errors.ts";
import { startSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import {
  DISCORD_CHANNEL,
  discordClient,
  rejection,
  SLACK_CHANNEL,
  slackClient,
} from "./clients.ts";

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
});

afterAll(() => sandbox.close());

describe("Slack's client takes for Slack's own error", () => {
  test.each([...SLACK_ERRORS.keys()])("%s", async (code) => {
    sandbox.fault({ platform: "slack", fault: { kind: "error", code } });
    const slack = await slackClient(sandbox.slackApiUrl);

    const error = await rejection(slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "x" }));

    expect(error).toMatchObject({ code: ErrorCode.PlatformError, data: { error: code } });
  });

  test("a missing scope, with what is needed", async () => {
    sandbox.fault({ platform: "slack", fault: { kind: "error", code: "missing_scope" } });
    const slack = await slackClient(sandbox.slackApiUrl);

    const error = await rejection(slack.chat.postMessage({ channel: SLACK_CHANNEL, text: "x" }));

    expect(error).toMatchObject({ data: { needed: "chat:write", provided: "channels:read" } });
  });
});

/** The documented errors of incoming webhooks with the status that each comes with. */
const WEBHOOK_ERRORS = [
  ["invalid_payload", 400],
  ["user_not_found", 400],
  ["channel_not_found", 404],
  ["channel_is_archived", 410],
  ["action_prohibited", 403],
  ["posting_to_general_channel_denied", 403],
  ["too_many_attachments", 400],
  ["no_service", 404],
  ["no_service_id", 404],
  ["no_team", 404],
  ["team_disabled", 403],
  ["invalid_token", 403],
  ["no_active_hooks", 404],
  ["no_text", 400],
  ["rollup_error", 500],
] as const;

test.each(WEBHOOK_ERRORS)(
  "a Slack webhook says %s as text with status %i",
  async (code, status) => {
    sandbox.fault({ platform: "slack", fault: { kind: "error", code } });

    const answer = await fetch(sandbox.slackWebhook("ops"), { method: "POST", body: "{}" });

    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(await answer.text()).toBe(code);
  },
);

async function errorWith(code: number): Promise<unknown> {
  sandbox.clear();
  sandbox.fault({ platform: "discord", fault: { kind: "error", code } });
  const path = Routes.channelMessages(DISCORD_CHANNEL);
  return rejection(discordClient(sandbox).post(path, { body: { content: "x" } }));
}

describe("discord.js takes for Discord's own error", () => {
  const limits = [20_016, 20_028, 20_029, 40_062];
  const others = [110_000, 130_000];
  const codes = [...DISCORD_ERRORS.keys()].filter((code) => ![...limits, ...others].includes(code));

  test.each(codes)("%i", async (code) => {
    const error = await errorWith(code);

    expect(error).toBeInstanceOf(DiscordAPIError);
    expect(error).toMatchObject({ code });
    expect((error as DiscordAPIError).message).not.toMatch(/^Error \d+$/);
  });

  test.each(limits)("none of %i, which is a rate limit to it", async (code) => {
    expect(await errorWith(code)).toBeInstanceOf(RateLimitError);
  });

  test("none of 130000, which comes with status 503", async () => {
    const error = await errorWith(130_000);

    expect(error).toBeInstanceOf(HTTPError);
    expect(error).toMatchObject({ status: 503 });
  });
});

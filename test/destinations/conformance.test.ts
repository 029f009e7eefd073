import { DiscordConfig } from "../../src/destinations/discord/config.ts";
import { discord } from "../../src/destinations/discord/index.ts";
import { SlackConfig } from "../../src/destinations/slack/config.ts";
import { slack } from "../../src/destinations/slack/index.ts";
import { conform, type Conformance } from "./conformance.ts";

const CHANNEL = "1099414111111111111";
const WEBHOOK = "1099414222222222222";

conform({
  kind: "slack bot",
  create: (origin) =>
    slack.create(
      "sales",
      SlackConfig.parse({
        type: "slack",
        token: "xoxb-s3cret",
        channel: "C024BE91L",
        api_url: `${origin}/api`,
      }),
    ),
  success: { status: 200, body: { ok: true, channel: "C024BE91L", ts: "1795342500.000100" } },
  ref: { channel: "C024BE91L", id: "1795342500.000100" },
  limited: (seconds) => ({
    status: 429,
    headers: { "retry-after": String(seconds) },
    body: { ok: false, error: "ratelimited" },
  }),
  limitedScope: "account",
  refusals: [
    [
      "invalid_auth",
      { status: 200, body: { ok: false, error: "invalid_auth" } },
      { kind: "rejected", scope: "account" },
    ],
    [
      "channel_not_found",
      { status: 200, body: { ok: false, error: "channel_not_found" } },
      { kind: "rejected", scope: "lane" },
    ],
    [
      "invalid_blocks",
      {
        status: 200,
        body: {
          ok: false,
          error: "invalid_blocks",
          errors: ["must be less than 3001 characters [json-pointer:/blocks/0/text/text]"],
        },
      },
      {
        kind: "rejected",
        scope: "message",
        reason: {
          code: "invalid_blocks",
          text: "Slack refused the message. must be less than 3001 characters [json-pointer:/blocks/0/text/text].",
        },
      },
    ],
    [
      "a code that nobody knows",
      { status: 200, body: { ok: false, error: "brand_new_error" } },
      { kind: "rejected", scope: "message" },
    ],
    [
      "fatal_error",
      { status: 200, body: { ok: false, error: "fatal_error" } },
      { kind: "unknown" },
    ],
    [
      "service_unavailable",
      { status: 200, body: { ok: false, error: "service_unavailable" } },
      { kind: "retry", scope: "lane" },
    ],
    ["404", { status: 404, body: "evil" }, { kind: "rejected", scope: "account" }],
    ["413", { status: 413, body: "evil" }, { kind: "rejected", scope: "message" }],
    ["408", { status: 408, body: "evil" }, { kind: "retry", scope: "lane" }],
  ],
});

conform({
  kind: "slack webhook",
  create: (origin) =>
    slack.create(
      "ops",
      SlackConfig.parse({ type: "slack", webhook: `${origin}/services/T1/B1/s3cret` }),
    ),
  success: { status: 200, body: "ok" },
  ref: { channel: null, id: null },
  limited: (seconds) => ({
    status: 429,
    headers: { "retry-after": String(seconds) },
    body: "rate_limited",
  }),
  limitedScope: "lane",
  refusals: [
    [
      "invalid_payload",
      { status: 400, body: "invalid_payload" },
      { kind: "rejected", scope: "message" },
    ],
    [
      "invalid_blocks",
      { status: 400, body: "invalid_blocks" },
      { kind: "rejected", scope: "message" },
    ],
    ["no_service", { status: 404, body: "no_service" }, { kind: "rejected", scope: "lane" }],
    [
      "action_prohibited",
      { status: 403, body: "action_prohibited" },
      { kind: "rejected", scope: "lane" },
    ],
    [
      "channel_is_archived",
      { status: 410, body: "channel_is_archived" },
      { kind: "rejected", scope: "lane" },
    ],
    ["another 404", { status: 404, body: "evil" }, { kind: "rejected", scope: "account" }],
    ["413", { status: 413, body: "evil" }, { kind: "rejected", scope: "message" }],
  ],
});

const discordRefusals: Conformance["refusals"] = [
  [
    "10003",
    { status: 404, body: { message: "Unknown Channel", code: 10003 } },
    { kind: "rejected", scope: "lane", reason: { code: "10003" } },
  ],
  [
    "50013",
    { status: 403, body: { message: "Missing Permissions", code: 50013 } },
    { kind: "rejected", scope: "lane" },
  ],
  [
    "50001",
    { status: 403, body: { message: "Missing Access", code: 50001 } },
    { kind: "rejected", scope: "lane" },
  ],
  [
    "50035",
    {
      status: 400,
      body: {
        message: "Invalid Form Body",
        code: 50035,
        errors: {
          embeds: {
            0: {
              title: {
                _errors: [
                  { code: "BASE_TYPE_MAX_LENGTH", message: "Must be 256 or fewer in length." },
                ],
              },
            },
          },
        },
      },
    },
    {
      kind: "rejected",
      scope: "message",
      reason: {
        code: "50035",
        text: "Discord refused the message. embeds.0.title: Must be 256 or fewer in length. (BASE_TYPE_MAX_LENGTH)",
      },
    },
  ],
  [
    "40006",
    { status: 400, body: { message: "Disabled", code: 40006 } },
    { kind: "retry", scope: "lane" },
  ],
  [
    "a code that nobody knows",
    { status: 403, body: { message: "New", code: 999999 } },
    { kind: "rejected", scope: "lane" },
  ],
  [
    "a 403 that is not Discord's",
    { status: 403, body: "evil" },
    { kind: "rejected", scope: "account" },
  ],
  [
    "a 429 that is not Discord's",
    { status: 429, headers: { "retry-after": "9" }, body: "evil" },
    { kind: "retry", scope: "account", afterMs: 9_000 },
  ],
  [
    "a 429 that all share who use the channel",
    {
      status: 429,
      headers: { "retry-after": "3", "x-ratelimit-scope": "shared" },
      body: { message: "You are being rate limited.", retry_after: 2.5, global: false },
    },
    { kind: "retry", scope: "lane", afterMs: 3_000 },
  ],
  [
    "a 429 with its wait in the body alone",
    { status: 429, body: { message: "You are being rate limited.", retry_after: 2.5 } },
    { kind: "retry", scope: "lane", afterMs: 2_500 },
  ],
  ["204", { status: 204, body: "" }, { kind: "unknown" }],
];

function discordLimited(seconds: number) {
  return {
    status: 429,
    headers: { "retry-after": String(seconds), "x-ratelimit-scope": "user" },
    body: { message: "You are being rate limited.", retry_after: seconds, global: false },
  };
}

conform({
  kind: "discord bot",
  create: (origin) =>
    discord.create(
      "success",
      DiscordConfig.parse({
        type: "discord",
        token: "s3cret",
        channel: CHANNEL,
        api_url: `${origin}/api`,
      }),
    ),
  success: { status: 200, body: { id: "1099414333333333333", channel_id: CHANNEL } },
  ref: { channel: CHANNEL, id: "1099414333333333333" },
  limited: discordLimited,
  limitedScope: "lane",
  refusals: [
    ...discordRefusals,
    [
      "401",
      { status: 401, body: { message: "401: Unauthorized", code: 0 } },
      { kind: "rejected", scope: "account" },
    ],
    [
      "a global 429",
      {
        status: 429,
        headers: { "retry-after": "1", "x-ratelimit-global": "true" },
        body: { message: "You are being rate limited.", retry_after: 1, global: true },
      },
      { kind: "retry", scope: "account" },
    ],
  ],
});

conform({
  kind: "discord webhook",
  create: (origin) =>
    discord.create(
      "success",
      DiscordConfig.parse({
        type: "discord",
        webhook: `${origin}/api/webhooks/${WEBHOOK}/s3cret`,
      }),
    ),
  success: { status: 200, body: { id: "1099414333333333333", channel_id: CHANNEL } },
  ref: { channel: CHANNEL, id: "1099414333333333333" },
  limited: discordLimited,
  limitedScope: "lane",
  refusals: [
    ...discordRefusals,
    [
      "10015",
      { status: 404, body: { message: "Unknown Webhook", code: 10015 } },
      { kind: "rejected", scope: "lane", final: true },
    ],
    [
      "50027",
      { status: 401, body: { message: "Invalid Webhook Token", code: 50027 } },
      { kind: "rejected", scope: "lane" },
    ],
  ],
});

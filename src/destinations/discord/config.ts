import { z } from "zod";
import { Secret } from "../../core/secret.ts";
import { ApiUrl, botToken, checkReach, OnUnknown, postingAddress } from "../settings.ts";
import { isLoopback } from "../web-address.ts";

/** Where Discord's API is. */
const DISCORD_API_URL = "https://discord.com/api";

const WEBHOOK_HOSTS: readonly string[] = [
  "discord.com",
  "discordapp.com",
  "ptb.discord.com",
  "canary.discord.com",
];

/** The parts of a webhook's address: what comes before, the id, the token. */
const WEBHOOK_PATH = /^(.*\/api)(?:\/v\d+)?\/webhooks\/(\d{17,20})\/([\w-]+)\/?$/;

/** The settings of a destination of type `discord`: a bot token with a channel, or a webhook. */
export const DiscordConfig = z
  .strictObject({
    type: z.literal("discord").describe("A channel in Discord."),
    token: botToken("the bot's token from the developer portal")
      .optional()
      .meta({
        description: "The bot's token; it needs View Channel, Send Messages and Embed Links.",
        examples: ["${DISCORD_BOT_TOKEN}"],
      }),
    channel: z
      .string({ error: "A Discord channel is text: put its id in quotes, or it loses digits." })
      .regex(/^\d{17,20}$/, {
        error:
          'A Discord channel is an id of 17 to 20 digits in quotes, such as "1099414111111111111": turn on developer mode and copy it from the channel\'s menu.',
      })
      .optional()
      .meta({
        description: 'The channel\'s id in quotes, such as "1099414111111111111".',
        examples: ["1099414111111111111"],
      }),
    webhook: z
      .string()
      .superRefine(checkWebhook)
      .optional()
      .meta({
        description: "The address of a webhook, which is bound to its channel.",
        examples: ["${DISCORD_WEBHOOK_URL}"],
      }),
    api_url: ApiUrl.optional().meta({
      description:
        "Another server that speaks Discord's API, for tests and the sandbox; `https://discord.com/api` unless set.",
      examples: ["http://127.0.0.1:8091/discord/api"],
    }),
    on_unknown: OnUnknown,
  })
  .superRefine((settings, context) =>
    checkReach(settings, context, {
      platform: "Discord",
      channel: "`channel:` with the channel's id in quotes",
    }),
  )
  .transform(({ token, channel, webhook, api_url, on_unknown }): DiscordSettings => {
    if (webhook !== undefined)
      return { via: "webhook", webhook: new Secret(webhook), onUnknown: on_unknown };
    return {
      via: "bot",
      token: new Secret(token ?? ""),
      channel: channel ?? "",
      apiUrl: api_url ?? DISCORD_API_URL,
      onUnknown: on_unknown,
    };
  });

/** The settings of a destination of type `discord`, ready for use. */
export type DiscordSettings = DiscordBotSettings | DiscordWebhookSettings;

/** Posting as a bot. */
export interface DiscordBotSettings {
  readonly via: "bot";
  readonly token: Secret;
  readonly channel: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly onUnknown: "retry" | "hold";
}

/** Posting through a webhook. */
export interface DiscordWebhookSettings {
  readonly via: "webhook";
  readonly webhook: Secret;
  readonly onUnknown: "retry" | "hold";
}

/** A webhook's address taken apart. */
export interface WebhookParts {
  /** The server's API, without a trailing slash. */
  readonly apiUrl: string;
  readonly id: string;
  readonly token: string;
  /** The thread to post into, where the address names one. */
  readonly thread: string | null;
}

/** Takes a webhook's address apart; `null` when it is none. */
export function webhookParts(address: string): WebhookParts | null {
  const url = URL.parse(address);
  const [, prefix, id, token] = WEBHOOK_PATH.exec(url?.pathname ?? "") ?? [];
  if (url === null || prefix === undefined || id === undefined || token === undefined) return null;
  const thread = url.searchParams.get("thread_id");
  return { apiUrl: url.origin + prefix, id, token, thread };
}

/** Never shows the address: whoever has it can post. */
function checkWebhook(text: string, context: z.RefinementCtx): void {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  const url = postingAddress(text);
  if (url === null)
    refuse("A Discord webhook is an https address, such as https://discord.com/api/webhooks/….");
  else if (!isLoopback(url) && !WEBHOOK_HOSTS.includes(url.host))
    refuse(
      `A Discord webhook is at discord.com, not at ${url.host}. Copy it from the channel's settings, under Integrations.`,
    );
  else if (/\/(slack|github)\/?$/.test(url.pathname))
    refuse(
      "This is the address for other programs' messages: remove /slack or /github at its end.",
    );
  else if (webhookParts(text) === null)
    refuse(
      "A Discord webhook ends in /api/webhooks/, its id and its token. Copy the whole address from the channel's settings.",
    );
}

import { z } from "zod";
import { Secret } from "../../core/secret.ts";
import { ApiUrl, botToken, checkReach, OnUnknown, postingAddress } from "../settings.ts";
import { isLoopback } from "../web-address.ts";

/** Where Slack's Web API is. */
const SLACK_API_URL = "https://slack.com/api";

const WEBHOOK_HOSTS: readonly string[] = ["hooks.slack.com", "hooks.slack-gov.com"];

/** The settings of a destination of type `slack`: a bot token with a channel, or an incoming webhook. */
export const SlackConfig = z
  .strictObject({
    type: z.literal("slack").describe("A channel in Slack."),
    token: botToken("the bot token, which begins with xoxb-, from the app's page")
      .optional()
      .meta({
        description: "The app's bot token, which begins with xoxb-; it needs the scope chat:write.",
        examples: ["${SLACK_BOT_TOKEN}"],
      }),
    channel: z
      .string({
        error: "A Slack channel is text: put it in quotes.",
      })
      .regex(/^#?[\p{L}\p{N}_-]{1,80}$/u, {
        error: "A Slack channel is an id such as C024BE91L, or a name such as #sales.",
      })
      .refine((text) => !/^xox[a-z]-/i.test(text), {
        error: "This is a token and no channel. It belongs under `token`.",
      })
      .transform((text) => text.replace(/^#/, ""))
      .optional()
      .meta({
        description: "The channel's id, such as C024BE91L, or the name of a public channel.",
        examples: ["C024BE91L"],
      }),
    webhook: z
      .string()
      .superRefine(checkWebhook)
      .optional()
      .meta({
        description: "The address of an incoming webhook, which is bound to its channel.",
        examples: ["${SLACK_WEBHOOK_URL}"],
      }),
    api_url: ApiUrl.optional().meta({
      description:
        "Another server that speaks Slack's Web API, for tests and the sandbox; `https://slack.com/api` unless set.",
      examples: ["http://127.0.0.1:8091/slack/api"],
    }),
    on_unknown: OnUnknown,
  })
  .superRefine((settings, context) =>
    checkReach(settings, context, {
      platform: "Slack",
      channel: "`channel:` with the channel's id, such as C024BE91L",
    }),
  )
  .transform(({ token, channel, webhook, api_url, on_unknown }): SlackSettings => {
    if (webhook !== undefined)
      return { via: "webhook", webhook: new Secret(webhook), onUnknown: on_unknown };
    return {
      via: "bot",
      token: new Secret(token ?? ""),
      channel: channel ?? "",
      apiUrl: api_url ?? SLACK_API_URL,
      onUnknown: on_unknown,
    };
  });

/** The settings of a destination of type `slack`, ready for use. */
export type SlackSettings = SlackBotSettings | SlackWebhookSettings;

/** Posting as a bot. */
export interface SlackBotSettings {
  readonly via: "bot";
  readonly token: Secret;
  /** An id, or a name without its `#`. */
  readonly channel: string;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly onUnknown: "retry" | "hold";
}

/** Posting through an incoming webhook. */
export interface SlackWebhookSettings {
  readonly via: "webhook";
  readonly webhook: Secret;
  readonly onUnknown: "retry" | "hold";
}

/** Never shows the address: whoever has it can post. */
function checkWebhook(text: string, context: z.RefinementCtx): void {
  const refuse = (message: string) => context.addIssue({ code: "custom", message });
  const url = postingAddress(text);
  if (url === null)
    refuse("A Slack webhook is an https address, such as https://hooks.slack.com/services/….");
  else if (isLoopback(url)) return;
  else if (!WEBHOOK_HOSTS.includes(url.host))
    refuse(
      `A Slack webhook is at hooks.slack.com, not at ${url.host}. Copy it from the app's page, under Incoming Webhooks.`,
    );
  else if (/^\/(workflows|triggers)\//.test(url.pathname))
    refuse("This webhook starts a workflow and posts nothing by itself. Make an incoming webhook.");
  else if (!/^\/services\/\w+\/\w+\/\w+$/.test(url.pathname))
    refuse(
      "A Slack webhook ends in /services/T…/B…/…, three parts. Copy the whole address from the app's page.",
    );
}

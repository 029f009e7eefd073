import type { JsonObject } from "../../core/json.ts";
import type { Answer, Call, Incoming, Limit } from "../call.ts";
import { channelLabel, type Channel } from "../channels.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { checkContent } from "./check.ts";
import { waiting } from "./limited.ts";
import { slackError, type SlackError } from "./result.ts";
import type { SlackWebhook, Workspace } from "./workspace.ts";

/**
 * The HTTP status that an incoming webhook answers with its error; 400 for all others. Slack publishes some, and the
 * rest follow their meaning.
 * https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 * https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
 */
const STATUS: { readonly [error: string]: number } = {
  action_prohibited: 403,
  channel_is_archived: 410,
  channel_not_found: 404,
  invalid_token: 403,
  no_active_hooks: 404,
  no_service: 404,
  no_service_id: 404,
  no_team: 404,
  posting_to_general_channel_denied: 403,
  rollup_error: 500,
  team_disabled: 403,
};

/** The call that a request to an incoming webhook is. */
export function webhookCall(workspace: Workspace, incoming: Incoming): Call {
  const webhook = workspace.webhookAt(incoming.path);
  const channel = webhook === undefined ? null : workspace.channels.get(webhook.channelId);
  const refuse = ({ error, details }: SlackError, answer: Answer): Answer => {
    workspace.ledger.refuse({
      platform: "slack",
      call: "webhook",
      channel: channel === null ? null : channelLabel(channel),
      status: answer.status,
      code: error,
      details,
      receivedAt: workspace.now(),
    });
    return answer;
  };
  return {
    platform: "slack",
    name: "webhook",
    channel,
    windows: { method: incoming.path },
    limited: (limit) => limited(incoming.path, limit),
    failed,
    unsaved: () => failed("rollup_error"),
    answer: () => {
      if (webhook === undefined || channel === null)
        return refuse(slackError("no_service"), failed("no_service"));
      const waitMs = workspace.postingWaitMs(channel.id);
      if (waitMs > 0)
        return refuse(slackError("ratelimited"), limited(incoming.path, { retryAfterMs: waitMs }));
      const refused = take(workspace, webhook, channel, readBody(incoming));
      if (refused !== undefined) return refuse(refused, failed(refused.error));
      return { status: 200, body: "ok" };
    },
  };
}

/** The JSON of the body, or of the form's field `payload`. */
function readBody(incoming: Incoming): JsonObject | undefined {
  if (incoming.method !== "POST") return undefined;
  const isForm = incoming.headers["content-type"]?.includes("x-www-form-urlencoded") ?? false;
  const text = isForm ? new URLSearchParams(incoming.body).get("payload") : incoming.body;
  const body = parseJson(text ?? "");
  return isJsonObject(body) ? body : undefined;
}

/** Takes the message, or says what Slack has against it. */
function take(
  workspace: Workspace,
  webhook: SlackWebhook,
  channel: Channel,
  body: JsonObject | undefined,
): SlackError | undefined {
  if (body === undefined) return slackError("invalid_payload");
  const refused = checkContent(body) ?? checkChannel(channel);
  if (refused !== undefined) return refused;
  const message = {
    platform: "slack",
    kind: "webhook",
    channel: channelLabel(channel),
    id: workspace.nextTs(),
    body,
    receivedAt: workspace.now(),
  } as const;
  workspace.ledger.post({ channelId: channel.id, author: webhook.botId, message });
  return undefined;
}

/** A webhook is bound to its channel, so that a bot's membership does not matter. */
function checkChannel(channel: Channel): SlackError | undefined {
  if (channel.state === "missing") return slackError("channel_not_found");
  if (channel.state === "archived") return slackError("channel_is_archived");
  if (channel.state === "read_only") return slackError("action_prohibited");
  return undefined;
}

function limited(key: string, limit: Limit): Answer {
  return { status: 429, ...waiting(key, limit), body: "rate_limited" };
}

function failed(code: string | number): Answer {
  return { status: STATUS[code] ?? 400, body: String(code) };
}

import type { JsonObject } from "../../core/json.ts";
import { textOf } from "../json.ts";
import type { SandboxPlatform } from "../message.ts";
import { discordRows } from "./discord-card.ts";
import { mrkdwn } from "./mrkdwn.ts";
import { paint } from "./paint.ts";
import { slackRows } from "./slack-card.ts";
import { wrap } from "./wrap.ts";

/** A message as it would be posted, and when a person would look at it, in milliseconds since the epoch. */
export interface Unposted {
  readonly platform: SandboxPlatform;
  readonly body: JsonObject;
  readonly seenAt: number;
}

/**
 * What a person would read of a message, in lines of at most `width` columns without looks, times in UTC: first the
 * sentence that notifications show, then what stands in the channel.
 */
export function messageLines({ platform, body, seenAt }: Unposted, width: number): string[] {
  const message = { platform, kind: "bot", channel: "", id: "", body, receivedAt: seenAt } as const;
  const rows = platform === "slack" ? slackRows(message, width) : discordRows(message, width);
  const lines = rows.map((row) => paint(row, false).trimEnd());
  // Where there are blocks, Slack shows the text in notifications alone.
  return platform === "slack" && body["blocks"] !== undefined
    ? [...notification(body, seenAt, width), "", ...lines]
    : lines;
}

function notification(body: JsonObject, nowMs: number, width: number): string[] {
  const text = mrkdwn(textOf(body["text"]), { isVerbatim: false, nowMs });
  return wrap(text, width).map((row) => paint(row, false).trimEnd());
}

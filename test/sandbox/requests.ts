import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { DISCORD_CHANNEL, SLACK_CHANNEL } from "./clients.ts";

/** An answer as it came, its body as text. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Posts a message that every platform takes, and reads the answer to its end. */
export async function request(
  url: string,
  authorization = "",
  more: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", authorization, ...more },
    body: JSON.stringify({ text: "hello", content: "hello", channel: SLACK_CHANNEL }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Calls a Slack method without any client. */
export function slackRequest(
  sandbox: Sandbox,
  method = "chat.postMessage",
  token = "xoxb-sandbox",
  more: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  return request(sandbox.slackApiUrl + method, `Bearer ${token}`, more);
}

/** Posts to a Discord channel without any client. */
export function discordRequest(
  sandbox: Sandbox,
  channel = DISCORD_CHANNEL,
  token = "sandbox",
): Promise<Answered> {
  const url = `${sandbox.discordApiUrl}/v10/channels/${channel}/messages`;
  return request(url, `Bot ${token}`);
}

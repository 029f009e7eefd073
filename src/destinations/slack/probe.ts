import type { webApi } from "@slack/bolt";
import type { Outcome } from "../../core/outcome.ts";
import type { Finding } from "../destination.ts";
import type { SlackClient } from "./client.ts";
import { failedOutcome } from "./outcome.ts";

/** Asks Slack whether the token works, may post, and sees the channel. */
export async function probeBot(
  client: SlackClient,
  channel: string,
  signal: AbortSignal,
): Promise<Finding[]> {
  try {
    const who = await client.call(signal, (web) => web.auth.test());
    const scopes = who.response_metadata?.scopes;
    return [
      tokenWorks(who),
      ...scopeFindings(scopes),
      await channelFinding(client, channel, signal, scopes),
    ];
  } catch (error) {
    return [refusedFinding("The token does not work.", failedOutcome(error))];
  }
}

/** Whether an id of a channel rather than a name. */
export function isChannelId(channel: string): boolean {
  return /^[CDGU][A-Z0-9]{6,}$/.test(channel);
}

function tokenWorks(who: webApi.AuthTestResponse): Finding {
  return {
    ok: true,
    text: `The token works: it is ${who.user ?? "a bot"}'s in the workspace ${who.team ?? "it belongs to"}.`,
  };
}

function scopeFindings(scopes: readonly string[] | undefined): Finding[] {
  if (scopes === undefined) return [];
  if (!scopes.includes("chat:write"))
    return [
      {
        ok: false,
        text: "The app lacks the scope chat:write: add it on the app's page and install the app again.",
      },
    ];
  if (scopes.includes("channels:history") || scopes.includes("groups:history")) return [];
  return [
    {
      ok: true,
      text: "Without the scope channels:history (groups:history for private channels), a message whose posting is in doubt cannot be looked up.",
    },
  ];
}

async function channelFinding(
  client: SlackClient,
  channel: string,
  signal: AbortSignal,
  scopes: readonly string[] | undefined,
): Promise<Finding> {
  if (!isChannelId(channel))
    return {
      ok: true,
      text: `The channel is named, so it cannot be checked: the id of #${channel} would survive a renaming, too.`,
    };
  try {
    const { channel: info } = await client.call(signal, (web) =>
      web.conversations.info({ channel }),
    );
    return judgeChannel(info ?? {}, channel, scopes);
  } catch (error) {
    const outcome = failedOutcome(error);
    if (outcome.kind === "rejected" && outcome.reason.code === "missing_scope")
      return {
        ok: true,
        text: "Without the scope channels:read (groups:read for private channels), the channel cannot be checked.",
      };
    return refusedFinding(`The channel ${channel} cannot be posted to.`, outcome);
  }
}

function judgeChannel(
  info: NonNullable<webApi.ConversationsInfoResponse["channel"]>,
  channel: string,
  scopes: readonly string[] | undefined,
): Finding {
  const name = info.name === undefined ? channel : `#${info.name}`;
  if (info.is_archived === true)
    return {
      ok: false,
      text: `The channel ${name} is archived: unarchive it, or name another one.`,
    };
  const isOpen = info.is_private !== true && scopes?.includes("chat:write.public") === true;
  if (info.is_member === false && !isOpen)
    return { ok: false, text: `The bot is not in ${name}: invite it there.` };
  return { ok: true, text: `The channel ${name} takes the bot's messages.` };
}

/** What a failed call tells: the given sentence only where Slack itself refused, else that it could not be asked. */
export function refusedFinding(what: string, outcome: Outcome): Finding {
  if (outcome.kind === "delivered") return { ok: false, text: what };
  const { code, text } = outcome.reason;
  const said = outcome.kind === "rejected" ? what : "Slack could not be asked.";
  return { ok: false, text: `${said} ${text} (${code})` };
}

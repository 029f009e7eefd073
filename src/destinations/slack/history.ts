import type { webApi } from "@slack/bolt";
import type { MessageRef } from "../../core/outcome.ts";
import type { Attempt } from "../destination.ts";
import type { SlackClient } from "./client.ts";
import { failedOutcome } from "./outcome.ts";

/** The type of our metadata on a message. */
const EVENT_TYPE = "bellhop_delivery";

/** How much earlier than the first attempt to look, for clocks that differ, in milliseconds; ours. */
const EARLIER_MS = 60_000;

/**
 * The most messages a page, and the most pages: beyond that nothing is certain.
 * https://docs.slack.dev/reference/methods/conversations.history
 */
const PAGE = { limit: 200, most: 5 } as const;

/** The metadata by which a message is found again; visible to the whole workspace, so it holds ids only. */
export function metadataOf(attempt: Attempt) {
  return {
    event_type: EVENT_TYPE,
    event_payload: { delivery: attempt.delivery, event: attempt.event },
  } satisfies webApi.ChatPostMessageArguments["metadata"];
}

/**
 * Looks through a channel's history for the message of a delivery; `null` when it is not there, `undefined` when
 * Slack does not let us look. Throws when Slack cannot be asked just now.
 */
export async function findInHistory(
  client: SlackClient,
  channel: string,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<MessageRef | null | undefined> {
  const oldest = String((attempt.doubtfulSince - EARLIER_MS) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < PAGE.most; page += 1) {
    const history = await readPage(client, signal, {
      channel,
      oldest,
      include_all_metadata: true,
      limit: PAGE.limit,
      ...(cursor !== undefined && { cursor }),
    });
    if (history === undefined) return undefined;
    const ts = (history.messages ?? []).find((message) => isOf(message, attempt))?.ts;
    if (ts !== undefined) return { channel, id: ts, url: null };
    cursor = history.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") return null;
  }
  return undefined;
}

async function readPage(
  client: SlackClient,
  signal: AbortSignal,
  page: webApi.ConversationsHistoryArguments,
): Promise<webApi.ConversationsHistoryResponse | undefined> {
  try {
    return await client.call(signal, (web) => web.conversations.history(page));
  } catch (error) {
    if (failedOutcome(error).kind === "rejected") return undefined;
    throw error;
  }
}

function isOf(message: { readonly metadata?: unknown }, attempt: Attempt): boolean {
  const metadata = message.metadata as
    | { readonly event_type?: unknown; readonly event_payload?: { readonly delivery?: unknown } }
    | undefined;
  return (
    metadata?.event_type === EVENT_TYPE && metadata.event_payload?.delivery === attempt.delivery
  );
}

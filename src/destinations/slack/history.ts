import type { webApi } from "@slack/bolt";
import type { Outcome, Reason } from "../../core/outcome.ts";
import type { Turns } from "../../core/turns.ts";
import { clockFrom } from "../clock.ts";
import type { Attempt, Lookup } from "../destination.ts";
import type { SlackClient } from "./client.ts";
import { DEAD_TOKEN } from "./errors.ts";
import type { Lookups } from "./lookups.ts";
import { failedOutcome } from "./outcome.ts";

/** The type of our metadata on a message. */
const EVENT_TYPE = "bellhop_delivery";

/** How much earlier than the first attempt to look, because Slack's clock is not ours, in milliseconds; ours. */
const EARLIER_MS = 300_000;

/**
 * How long after a doubtful attempt to look at the earliest, in milliseconds; ours: a message that Slack is still taking
 * is not in the history yet, and to miss it is to post it twice.
 */
export const LOOK_AFTER_MS = 2_000;

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
 * Looks through a channel's history for the message of a delivery, at the pace of its token's look-ups. Replies in
 * threads are not in the history; Bellhop posts none.
 */
export async function findInHistory(
  looking: Looking,
  channel: string,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Lookup> {
  const { lookups, turns } = looking;
  const clock = clockFrom(attempt.now);
  const now = () => Math.floor(clock());
  try {
    const waitMs = await lookups.take(attempt.delivery, turns, attempt.now);
    if (waitMs > 0) return later(waitMs, { own: true });
    return await search(looking, now, channel, attempt, signal);
  } catch (error) {
    return await failedLookup(failedOutcome(error), looking, now());
  }
}

/** What look-ups are made with. */
interface Looking {
  readonly client: SlackClient;
  readonly lookups: Lookups;
  readonly turns: Turns;
}

async function search(
  { client, lookups, turns }: Looking,
  now: () => number,
  channel: string,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Lookup> {
  const oldest = String((attempt.doubtfulSince - EARLIER_MS) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < PAGE.most; page += 1) {
    // The pages of one look-up follow each other at once, since an attempt is short; the next look-up waits for them all.
    if (page > 0) await lookups.count(turns, now());
    const history = await readPage(client, signal, {
      channel,
      oldest,
      include_all_metadata: true,
      limit: PAGE.limit,
      ...(cursor !== undefined && { cursor }),
    });
    const ts = (history.messages ?? []).find((message) => isOf(message, attempt))?.ts;
    if (ts !== undefined) return { kind: "found", ref: { channel, id: ts, url: null } };
    cursor = history.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === "") return { kind: "absent" };
  }
  return { kind: "untold" };
}

function readPage(
  client: SlackClient,
  signal: AbortSignal,
  page: webApi.ConversationsHistoryArguments,
): Promise<webApi.ConversationsHistoryResponse> {
  return client.call(signal, (web) => web.conversations.history(page));
}

/** Slack limits each method by itself, so that a 429 of this one stops neither posting nor the account. */
async function failedLookup(
  outcome: Outcome,
  { lookups, turns }: Looking,
  now: number,
): Promise<Lookup> {
  if (outcome.kind === "rejected")
    return outcome.scope === "account" && DEAD_TOKEN.has(outcome.reason.code)
      ? { kind: "later", outcome }
      : { kind: "untold" };
  if (outcome.kind !== "retry" || outcome.scope !== "account") return later(undefined, {});
  // Where that cannot be written down, the lane at least waits as long.
  await lookups.pause(turns, now, outcome.afterMs).catch(() => undefined);
  return later(outcome.afterMs, {});
}

function later(afterMs: number | undefined, more: { readonly own?: true }): Lookup {
  const wait = afterMs === undefined ? {} : { afterMs };
  return {
    kind: "later",
    outcome: { kind: "retry", scope: "lane", reason: IN_DOUBT, ...wait, ...more },
  };
}

const IN_DOUBT: Reason = {
  code: "in-doubt",
  text: "An earlier attempt may have posted the message, and Slack cannot be asked now.",
};

function isOf(message: { readonly metadata?: unknown }, attempt: Attempt): boolean {
  const metadata = message.metadata as
    | { readonly event_type?: unknown; readonly event_payload?: { readonly delivery?: unknown } }
    | undefined;
  return (
    metadata?.event_type === EVENT_TYPE && metadata.event_payload?.delivery === attempt.delivery
  );
}

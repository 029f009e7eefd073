import type { Json, JsonObject } from "../../core/json.ts";
import { channelLabel, type Channel } from "../channels.ts";
import { isJsonObject, textOf } from "../json.ts";
import type { Entry } from "../ledger.ts";
import type { SandboxMessage } from "../message.ts";
import { checkContent, MESSAGE_LIMITS } from "./check.ts";
import { newest, readTs } from "./history.ts";
import { slackError, type SlackError, type SlackResult } from "./result.ts";
import { TEAM, type Caller, type Workspace } from "./workspace.ts";

/** A Web API method of the sandbox. */
export interface SlackMethod {
  /** Calls a minute that its tier allows. https://docs.slack.dev/apis/web-api/rate-limits */
  readonly perMinute: number;
  run(workspace: Workspace, args: JsonObject, caller: Caller): SlackResult;
}

/** The Web API methods that the sandbox has; `chat.postMessage` is limited per channel besides. */
export const METHODS: { readonly [name: string]: SlackMethod } = {
  "auth.test": { perMinute: 600, run: authTest },
  "chat.postMessage": { perMinute: 600, run: postMessage },
  "chat.update": { perMinute: 50, run: update },
  "conversations.history": { perMinute: 50, run: history },
  "conversations.info": { perMinute: 50, run: info },
  "conversations.list": { perMinute: 20, run: list },
};

/** The scopes that every token of the sandbox has. */
export const SCOPES = [
  "chat:write",
  "chat:write.public",
  "chat:write.customize",
  "channels:read",
  "groups:read",
  "channels:history",
  "groups:history",
];

/** The channel that a call names, whether or not it takes messages; `null` when it names none. */
export function channelOf(workspace: Workspace, args: JsonObject): Channel | null {
  const named = textOf(args["channel"]).replace(/^#/, "");
  return named === "" ? null : workspace.channels.get(named);
}

/** https://docs.slack.dev/reference/methods/auth.test */
function authTest(_workspace: Workspace, _args: JsonObject, caller: Caller): SlackResult {
  return {
    ok: true,
    url: `https://${TEAM.domain}.slack.com/`,
    team: TEAM.name,
    user: "bellhop",
    team_id: TEAM.id,
    user_id: caller.userId,
    bot_id: caller.botId,
    is_enterprise_install: false,
  };
}

/** https://docs.slack.dev/reference/methods/chat.postMessage */
function postMessage(workspace: Workspace, args: JsonObject, caller: Caller): SlackResult {
  const channel = channelOf(workspace, args);
  if (channel === null || channel.state === "missing") return slackError("channel_not_found");
  const refused = checkContent(args) ?? checkPosting(channel);
  if (refused !== undefined) return refused;
  const { body, isCut } = cutText(args);
  const ts = workspace.nextTs();
  const message: SandboxMessage = {
    platform: "slack",
    kind: "bot",
    channel: channelLabel(channel),
    id: ts,
    body,
    receivedAt: workspace.now(),
  };
  const entry = { channelId: channel.id, author: caller.botId, message };
  workspace.ledger.post(entry);
  const warnings = { response_metadata: { warnings: ["message_truncated"] } };
  return {
    ok: true,
    channel: channel.id,
    ts,
    message: presented(entry, true),
    ...(isCut ? warnings : {}),
  };
}

function checkPosting(channel: Channel): SlackError | undefined {
  switch (channel.state) {
    case "open":
      return undefined;
    case "missing":
      return slackError("channel_not_found");
    case "archived":
      return slackError("is_archived");
    case "not_in_channel":
      return slackError("not_in_channel");
    case "read_only":
      return slackError("restricted_action_read_only_channel");
  }
}

function cutText(args: JsonObject): { readonly body: JsonObject; readonly isCut: boolean } {
  const text = textOf(args["text"]);
  if (text.length <= MESSAGE_LIMITS.postedText) return { body: args, isCut: false };
  return { body: { ...args, text: text.slice(0, MESSAGE_LIMITS.postedText) }, isCut: true };
}

/** https://docs.slack.dev/reference/methods/chat.update */
function update(workspace: Workspace, args: JsonObject, caller: Caller): SlackResult {
  const id = textOf(args["channel"]);
  const channel = channelOf(workspace, args);
  if (channel === null || channel.id !== id || channel.state === "missing")
    return slackError("channel_not_found");
  const entry = workspace.ledger.find("slack", channel.id, textOf(args["ts"]));
  if (entry === undefined) return slackError("message_not_found");
  if (entry.author !== caller.botId) return slackError("cant_update_message");
  if (textOf(args["text"]).length > MESSAGE_LIMITS.updatedText) return slackError("msg_too_long");
  const refused = checkContent(args) ?? checkPosting(channel);
  if (refused !== undefined) return refused;
  const edited = workspace.ledger.edit(entry, {
    ...entry.message,
    body: editedBody(entry.message.body, args),
    editedAt: workspace.now(),
  });
  const text = textOf(edited.message.body["text"]);
  return {
    ok: true,
    channel: channel.id,
    ts: entry.message.id,
    text,
    message: presented(edited, true),
  };
}

/** Text without blocks removes the blocks; metadata stays unless `{}` is sent. */
function editedBody(before: JsonObject, args: JsonObject): JsonObject {
  const kept = Object.entries(before).filter(
    ([name]) => name !== "text" && name !== "blocks" && name !== "attachments",
  );
  const sent = Object.entries(args).filter(([name]) => name !== "ts");
  const body = Object.fromEntries([...kept, ...sent]);
  const { metadata, ...rest } = body;
  return isJsonObject(metadata) && Object.keys(metadata).length > 0 ? body : rest;
}

/** https://docs.slack.dev/reference/methods/conversations.history */
function history(workspace: Workspace, args: JsonObject): SlackResult {
  const channel = channelOf(workspace, args);
  if (channel === null || channel.state === "missing" || channel.id !== textOf(args["channel"]))
    return slackError("channel_not_found");
  if (channel.state === "not_in_channel") return slackError("not_in_channel");
  const limit = args["limit"] === undefined ? 100 : Number(args["limit"]);
  if (!Number.isInteger(limit) || limit < 1 || limit > 999) return slackError("invalid_limit");
  const oldest = readTs(args["oldest"]);
  const latest = readTs(args["cursor"] ?? args["latest"]);
  if (Number.isNaN(oldest)) return slackError("invalid_ts_oldest");
  if (Number.isNaN(latest)) return slackError("invalid_ts_latest");
  const span = { oldest, latest, isInclusive: args["inclusive"] === true };
  // One more than fits, to tell whether there are more.
  const found = newest(workspace.history(channel), span, limit + 1);
  const page = found.slice(0, limit);
  const hasMore = found.length > page.length;
  return {
    ok: true,
    messages: page.map((entry) => presented(entry, args["include_all_metadata"] === true)),
    has_more: hasMore,
    pin_count: 0,
    response_metadata: { next_cursor: hasMore ? (page.at(-1)?.message.id ?? "") : "" },
  };
}

/** https://docs.slack.dev/reference/methods/conversations.info */
function info(workspace: Workspace, args: JsonObject): SlackResult {
  const channel = channelOf(workspace, args);
  if (channel === null || channel.state === "missing" || channel.id !== textOf(args["channel"]))
    return slackError("channel_not_found");
  return { ok: true, channel: conversation(channel) };
}

/** https://docs.slack.dev/reference/methods/conversations.list */
function list(workspace: Workspace, args: JsonObject): SlackResult {
  const hidesArchived = args["exclude_archived"] === true;
  const channels = workspace.channels
    .all()
    .filter(({ state }) => state !== "missing" && !(hidesArchived && state === "archived"))
    .map(conversation);
  return { ok: true, channels, response_metadata: { next_cursor: "" } };
}

function conversation(channel: Channel): JsonObject {
  return {
    id: channel.id,
    name: channel.name ?? channel.id.toLowerCase(),
    is_channel: true,
    is_private: false,
    is_archived: channel.state === "archived",
    is_member: channel.state !== "not_in_channel",
    is_read_only: channel.state === "read_only",
  };
}

/** A message as Slack gives it back; metadata only where it was asked for. */
function presented(entry: Entry, hasMetadata: boolean): JsonObject {
  const { message, author } = entry;
  const { text, blocks, attachments, metadata, thread_ts: thread, username } = message.body;
  return {
    type: "message",
    ...(message.kind === "webhook" ? { subtype: "bot_message" } : {}),
    ts: message.id,
    team: TEAM.id,
    bot_id: author,
    text: textOf(text),
    ...given({ blocks, attachments, thread_ts: thread, username }),
    ...(hasMetadata ? given({ metadata }) : {}),
    ...(message.editedAt !== undefined && blocks === undefined
      ? { edited: { user: author, ts: `${Math.floor(message.editedAt / 1000)}.000000` } }
      : {}),
  };
}

function given(fields: { readonly [name: string]: Json | undefined }): JsonObject {
  const present = Object.entries(fields).filter(
    (field): field is [string, Json] => field[1] !== undefined,
  );
  return Object.fromEntries(present);
}

import type { JsonObject } from "../../core/json.ts";
import type { Incoming } from "../call.ts";
import { channelLabel, type Channel } from "../channels.ts";
import { snowflakeOf } from "../ids.ts";
import { isJsonObject, listOf, quoted, textOf } from "../json.ts";
import type { Entry } from "../ledger.ts";
import { countBefore } from "../line.ts";
import { checkMessage } from "./check.ts";
import { Form } from "./form.ts";
import type { Guild } from "./guild.ts";
import { discordProblem, type DiscordProblem } from "./problem.ts";

/** Who posts: a bot with its token, or a webhook. */
export interface Author {
  readonly kind: "bot" | "webhook";
  readonly id: string;
}

/** What came of a call: what to send back, or what Discord has against it. */
export type Result = { readonly body: JsonObject | readonly JsonObject[] } | DiscordProblem;

/** Whether a result is a refusal. */
export function isProblem(result: object): result is DiscordProblem {
  return "details" in result && "status" in result;
}

/** The bot behind a token: always the same for the same token. */
export function botOf(token: string): Author {
  return { kind: "bot", id: snowflakeOf(`discord bot ${token}`) };
}

/**
 * Posts a message; with an enforced nonce that its author used before, gives back the earlier one instead.
 * https://docs.discord.com/developers/resources/message#create-message
 */
export function create(guild: Guild, channel: Channel, author: Author, body: JsonObject): Result {
  const problem = checkMessage(body, author.kind) ?? checkPosting(channel, author);
  if (problem !== undefined) return problem;
  const nonce = author.kind === "bot" && body["enforce_nonce"] === true ? body["nonce"] : undefined;
  const earlier = nonce === undefined ? undefined : guild.withNonce(author.id, quoted(nonce));
  if (earlier !== undefined) return { body: presented(earlier) };
  const message = {
    platform: "discord",
    kind: author.kind,
    channel: channelLabel(channel),
    id: guild.nextId(),
    body,
    receivedAt: guild.now(),
  } as const;
  const entry = { channelId: channel.id, author: author.id, message };
  guild.ledger.post(entry);
  if (nonce !== undefined) guild.rememberNonce(author.id, quoted(nonce), entry);
  return { body: presented(entry) };
}

/** What Discord has against this author in this channel; a webhook needs no permissions. */
function checkPosting(channel: Channel, author: Author): DiscordProblem | undefined {
  if (channel.state === "archived") return discordProblem(50083);
  if (channel.state === "read_only" && author.kind === "bot") return discordProblem(50013);
  return undefined;
}

/**
 * Edits a message of the author's own.
 * https://docs.discord.com/developers/resources/message#edit-message
 */
export function edit(
  guild: Guild,
  channel: Channel,
  author: Author,
  id: string,
  changes: JsonObject,
): Result {
  const entry = guild.ledger.find("discord", channel.id, id);
  if (entry === undefined) return discordProblem(10008);
  if (entry.author !== author.id) return discordProblem(50005);
  const body = { ...entry.message.body, ...changes };
  const problem = checkMessage(body, author.kind) ?? checkPosting(channel, author);
  if (problem !== undefined) return problem;
  const edited = { ...entry.message, body, editedAt: guild.now() };
  return { body: presented(guild.ledger.edit(entry, edited)) };
}

/**
 * Gives back one message of a channel.
 * https://docs.discord.com/developers/resources/message#get-channel-message
 */
export function read(guild: Guild, channel: Channel, id: string): Result {
  const entry = guild.ledger.find("discord", channel.id, id);
  return entry === undefined ? discordProblem(10008) : { body: presented(entry) };
}

/** The newest first. https://docs.discord.com/developers/resources/message#get-channel-messages */
export function readAll(guild: Guild, channel: Channel, incoming: Incoming): Result {
  const form = new Form();
  const limit = incoming.query.get("limit") ?? "50";
  form.integer(["limit"], limit, { min: 1, max: 100 });
  const before = snowflakeIn(form, incoming, "before");
  const after = snowflakeIn(form, incoming, "after");
  const problem = form.problem();
  if (problem !== undefined) return problem;
  const entries = guild.history(channel);
  const from = after === null ? 0 : countBefore(entries, (entry) => idOf(entry) > after);
  const to = before === null ? entries.length : countBefore(entries, (one) => idOf(one) >= before);
  // After a given message Discord gives the ones that follow it, still the newest of them first.
  const most = Number(limit);
  const page =
    after === null
      ? entries.slice(Math.max(from, to - most), to)
      : entries.slice(from, Math.min(to, from + most));
  return { body: page.toReversed().map(presented) };
}

function idOf({ message }: Entry): bigint {
  return BigInt(message.id);
}

function snowflakeIn(form: Form, incoming: Incoming, name: string): bigint | null {
  const text = incoming.query.get(name);
  if (text === null) return null;
  if (/^\d+$/.test(text)) return BigInt(text);
  form.fail([name], "NUMBER_TYPE_COERCE", `Value "${text}" is not snowflake.`);
  return null;
}

/** https://docs.discord.com/developers/resources/message#message-object */
function presented({ channelId, author, message }: Entry): JsonObject {
  const { body, kind, id, receivedAt, editedAt } = message;
  const nonce = body["nonce"];
  return {
    id,
    type: 0,
    channel_id: channelId,
    content: textOf(body["content"]).trim(),
    author: { id: author, username: textOf(body["username"]) || "Bellhop", bot: true },
    ...(kind === "webhook" ? { webhook_id: author } : {}),
    embeds: listOf(body["embeds"]).map((embed) =>
      isJsonObject(embed) ? { type: "rich", ...embed } : embed,
    ),
    components: listOf(body["components"]),
    attachments: [],
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: body["tts"] === true,
    flags: Number(body["flags"] ?? 0),
    timestamp: new Date(receivedAt).toISOString(),
    edited_timestamp: editedAt === undefined ? null : new Date(editedAt).toISOString(),
    ...(nonce === undefined ? {} : { nonce }),
  };
}

import type { JsonObject } from "../../core/json.ts";
import type { Answer } from "../call.ts";

/** A refusal with Discord's own code and, for a bad form, what was wrong where. */
export interface DiscordProblem {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly errors?: JsonObject;
  /** One thing a line, as discord.js words them: `embeds[0].title[BASE_TYPE_MAX_LENGTH]: …`. */
  readonly details: readonly string[];
}

/** Discord's codes, with the HTTP status and the text that go with them; 0 is a bad token. */
const KNOWN: { readonly [code: number]: readonly [status: number, message: string] } = {
  0: [401, "401: Unauthorized"],
  10003: [404, "Unknown Channel"],
  10004: [404, "Unknown Guild"],
  10008: [404, "Unknown Message"],
  10015: [404, "Unknown Webhook"],
  20009: [400, "Explicit content cannot be sent to the desired recipient(s)"],
  20016: [429, "This action cannot be performed due to slowmode rate limit"],
  20028: [429, "The write action you are performing on the channel has hit the write rate limit"],
  20029: [429, "The write action you are performing on the server has hit the write rate limit"],
  30046: [400, "Maximum number of edits to messages older than 1 hour reached. Try again later"],
  40001: [401, "Unauthorized. Provide a valid token and try again"],
  40004: [400, "Sending messages has been temporarily disabled"],
  40005: [413, "Request entity too large. Try sending something smaller in size"],
  40006: [400, "This feature has been temporarily disabled server-side"],
  40058: [
    403,
    "Cannot message this thread until after the post author has sent an initial message",
  ],
  40062: [429, "Service resource is being rate limited"],
  40067: [400, "A tag is required to create a forum post in this channel"],
  40333: [403, "internal network error"],
  50001: [403, "Missing Access"],
  50005: [403, "Cannot edit a message authored by another user"],
  50006: [400, "Cannot send an empty message"],
  50007: [403, "Cannot send messages to this user"],
  50008: [400, "Cannot send messages in a non-text channel"],
  50013: [403, "Missing Permissions"],
  50014: [401, "Invalid authentication token provided"],
  50024: [400, "Cannot execute action on this channel type"],
  50027: [401, "Invalid Webhook Token"],
  50035: [400, "Invalid Form Body"],
  50083: [400, "Thread is archived"],
  50109: [400, "The request body contains invalid JSON."],
  110000: [202, "Index not yet available. Try again later"],
  130000: [503, "API resource is currently overloaded. Try again a little later"],
  160005: [400, "Thread is locked"],
  160006: [400, "Maximum number of active threads reached"],
  200000: [400, "Message was blocked by automatic moderation"],
  200001: [400, "Title was blocked by automatic moderation"],
  220001: [400, "Webhooks posted to forum channels must have a thread_name or thread_id"],
  220002: [400, "Webhooks posted to forum channels cannot have both a thread_name and thread_id"],
  220003: [400, "Webhooks can only create threads in forum channels"],
  240000: [400, "Message blocked by harmful links filter"],
};

/** What is told beside 50035, by the example of a text that is too long. */
const TOO_LONG = {
  content: {
    _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }],
  },
};

/** The problem with one of Discord's codes. https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
export function discordProblem(code: number): DiscordProblem {
  const [status, message] = KNOWN[code] ?? [400, `Error ${code}`];
  const errors = code === 50035 ? { errors: TOO_LONG } : {};
  return { status, code, message, ...errors, details: [] };
}

/** A request without a valid token, or to a path that does not exist: code 0 and the HTTP status as text. */
export function httpProblem(status: number, text: string): DiscordProblem {
  return { status, code: 0, message: `${status}: ${text}`, details: [] };
}

/** The HTTP answer for a problem. */
export function problemAnswer({ status, code, message, errors }: DiscordProblem): Answer {
  return { status, body: { message, code, ...(errors === undefined ? {} : { errors }) } };
}

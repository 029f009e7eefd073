import type { Json, JsonObject } from "../../core/json.ts";
import type { Incoming } from "../call.ts";
import { isJsonObject, parseJson } from "../json.ts";
import { slackError, type SlackError } from "./result.ts";

/** The arguments of a method call and the token it came with. */
export interface SlackArguments {
  readonly args: JsonObject;
  readonly token: string | null;
}

/** The arguments that travel as JSON inside a form, and the error when they are not JSON. */
const JSON_ARGUMENTS: { readonly [name: string]: string } = {
  blocks: "invalid_blocks_format",
  attachments: "invalid_attachments",
  metadata: "invalid_metadata_format",
};

const BOOLEAN_ARGUMENTS = new Set([
  "as_user",
  "exclude_archived",
  "include_all_metadata",
  "inclusive",
  "link_names",
  "mrkdwn",
  "reply_broadcast",
  "unfurl_links",
  "unfurl_media",
]);

/**
 * Reads the arguments of a Web API call: from the query, a form with JSON inside, or JSON.
 * https://docs.slack.dev/apis/web-api/#post-bodies
 */
export function readArguments(incoming: Incoming): SlackArguments | SlackError {
  const raw = rawArguments(incoming);
  if (isError(raw)) return raw;
  const args: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(raw.args)) {
    const decoded = decode(name, value);
    if (isError(decoded)) return decoded;
    args[name] = decoded.value;
  }
  const { token, ...rest } = args;
  const bearer = /^Bearer\s+(.+)$/i.exec(incoming.headers.authorization ?? "")?.[1];
  return { args: rest, token: bearer ?? (typeof token === "string" ? token : null) };
}

function rawArguments(incoming: Incoming): { readonly args: JsonObject } | SlackError {
  const query = Object.fromEntries(incoming.query);
  if (incoming.method === "GET" || incoming.body === "") return { args: query };
  const type = incoming.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type === undefined) return slackError("missing_post_type");
  if (type === "application/x-www-form-urlencoded")
    return { args: { ...query, ...Object.fromEntries(new URLSearchParams(incoming.body)) } };
  if (type !== "application/json") return slackError("invalid_post_type");
  const body = parseJson(incoming.body);
  if (body === undefined) return slackError("invalid_json");
  if (!isJsonObject(body)) return slackError("json_not_object");
  return { args: { ...query, ...body } };
}

function decode(name: string, value: Json): { readonly value: Json } | SlackError {
  if (typeof value !== "string") return { value };
  const invalid = JSON_ARGUMENTS[name];
  if (invalid !== undefined) {
    const parsed = parseJson(value);
    return parsed === undefined ? slackError(invalid) : { value: parsed };
  }
  if (BOOLEAN_ARGUMENTS.has(name)) return { value: value === "true" || value === "1" };
  return { value };
}

/** Whether a result is a refusal. */
export function isError(result: object): result is SlackError {
  return "ok" in result && result.ok === false && "details" in result;
}

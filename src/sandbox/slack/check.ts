import type { Json, JsonObject } from "../../core/json.ts";
import { isJsonObject, textOf } from "../json.ts";
import { blockTextLength, checkBlocks } from "./blocks.ts";
import { slackError, type SlackError } from "./result.ts";

/** Slack's limits on a message. https://docs.slack.dev/reference/methods/chat.postMessage */
export const MESSAGE_LIMITS = {
  /** Beyond this many characters, `chat.postMessage` cuts the text. */
  postedText: 40_000,
  /** Beyond this many characters, `chat.update` refuses the text. */
  updatedText: 4_000,
  markdownText: 12_000,
  attachments: 100,
  /** Undocumented: 9,600 characters were taken and 11,300 refused; ours lies between. */
  allBlockText: 10_000,
} as const;

/** What Slack has against the content of a message; `undefined` when it takes it. */
export function checkContent(args: JsonObject): SlackError | undefined {
  return checkForm(args) ?? checkSomethingToShow(args) ?? checkMetadata(args["metadata"]);
}

function checkForm(args: JsonObject): SlackError | undefined {
  const { blocks, attachments } = args;
  const markdown = args["markdown_text"];
  if (markdown !== undefined) {
    if (isFilled(args["text"]) || isFilled(blocks)) return slackError("markdown_text_conflict");
    if (textOf(markdown).length > MESSAGE_LIMITS.markdownText) return slackError("msg_too_long");
  }
  if (attachments !== undefined) {
    if (!Array.isArray(attachments)) return slackError("invalid_attachments");
    if (attachments.length > MESSAGE_LIMITS.attachments) return slackError("too_many_attachments");
  }
  if (blocks === undefined) return undefined;
  if (!Array.isArray(blocks)) return slackError("invalid_blocks_format");
  const problems = checkBlocks(blocks);
  if (problems.length > 0) return slackError("invalid_blocks", problems);
  if (blockTextLength(blocks) > MESSAGE_LIMITS.allBlockText)
    return slackError("msg_blocks_too_long");
  return undefined;
}

function checkSomethingToShow(args: JsonObject): SlackError | undefined {
  const shown = [args["text"], args["markdown_text"], args["blocks"], args["attachments"]];
  return shown.some(isFilled) ? undefined : slackError("no_text");
}

function isFilled(value: Json | undefined): boolean {
  return typeof value === "string" ? value.trim() !== "" : Array.isArray(value) && value.length > 0;
}

/** https://docs.slack.dev/messaging/message-metadata */
function checkMetadata(metadata: Json | undefined): SlackError | undefined {
  if (metadata === undefined) return undefined;
  if (!isJsonObject(metadata)) return slackError("invalid_metadata_format");
  if (Object.keys(metadata).length === 0) return undefined;
  const payload = metadata["event_payload"];
  const isTyped = textOf(metadata["event_type"]) !== "";
  const isSound = isTyped && isJsonObject(payload) && Object.values(payload).every(isMetadataValue);
  return isSound ? undefined : slackError("invalid_metadata_schema");
}

function isMetadataValue(value: Json): boolean {
  if (Array.isArray(value)) return value.every((one) => isJsonObject(one) && isFlat(one));
  return isJsonObject(value) ? isFlat(value) : isMetadataScalar(value);
}

function isFlat(object: JsonObject): boolean {
  return Object.values(object).every(isMetadataScalar);
}

function isMetadataScalar(value: Json): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

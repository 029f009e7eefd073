import type { webApi } from "@slack/bolt";
import type { DeliveryForm } from "../../core/delivery.ts";
import type { JsonObject } from "../../core/json.ts";
import { type Block, type Message, plainText } from "../../core/message.ts";
import { fitBody, fitLine } from "../fit.ts";
import { asText, sentence } from "../inlines.ts";
import {
  type BlockJson,
  type Blocks,
  charsIn,
  closingBlocks,
  context,
  messageBlocks,
  SHORTENED,
} from "./blocks.ts";
import { escapeText } from "./escape.ts";
import { MAX_BLOCK_CHARS, MAX_BLOCKS, MAX_TEXT_CHARS } from "./limits.ts";
import { nativeBlocks } from "./native.ts";
import { mrkdwnBlocks } from "./text.ts";

/**
 * The body of `chat.postMessage`; without a channel, that of an incoming webhook.
 * `text` is the complete sentence, since notifications and screen readers take nothing else.
 * https://docs.slack.dev/reference/methods/chat.postMessage
 */
export function slackBody(
  message: Message,
  form: DeliveryForm,
  channel: string | null,
): JsonObject {
  const text = form === "plain" ? wholeText(message) : notification(message);
  const body = {
    text,
    unfurl_links: false,
    unfurl_media: false,
    parse: "none",
    ...(form === "full" && { blocks: allBlocks(message) }),
  } as const;
  return channel === null ? body : ({ channel, ...body } satisfies webApi.ChatPostMessageArguments);
}

function notification(message: Message): string {
  const line = sentence(message);
  return fitLine(line, MAX_TEXT_CHARS, (inlines) => escapeText(plainText(inlines))).text;
}

function wholeText(message: Message): string {
  const note = `\n_${SHORTENED}_`;
  const whole = fitBody(asText(message), MAX_TEXT_CHARS - note.length, textBlocks);
  return whole.isCut ? whole.text + note : whole.text;
}

function textBlocks(blocks: readonly Block[]): string {
  return mrkdwnBlocks(blocks, escapeText);
}

function allBlocks(message: Message): BlockJson[] {
  const { blocks, isCut } = ownBlocks(message) ?? messageBlocks(message);
  const most = MAX_BLOCKS - 1;
  if (!isCut && blocks.length <= MAX_BLOCKS) return [...blocks];
  return [...blocks.slice(0, most), ...context([SHORTENED])];
}

/** The template's own blocks with the buttons and the footer behind them; none when they show nothing. */
function ownBlocks(message: Message): Blocks | undefined {
  if (message.native === null) return undefined;
  const closing = closingBlocks(message);
  const room = MAX_BLOCK_CHARS - charsIn(closing.blocks) - SHORTENED.length;
  const own = nativeBlocks(message.native, room);
  if (own.blocks.length === 0) return undefined;
  const most = MAX_BLOCKS - closing.blocks.length - 1;
  return {
    blocks: [...own.blocks.slice(0, most), ...closing.blocks],
    isCut: own.isCut || closing.isCut || own.blocks.length > most,
  };
}

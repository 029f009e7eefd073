import type { DeliveryForm } from "../../core/delivery.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import { type Message, type NativeValue, plainText } from "../../core/message.ts";
import { truncate } from "../../core/text.ts";
import { fitBody, fitLine } from "../fit.ts";
import { asText, sentence } from "../inlines.ts";
import { buttonRows } from "./buttons.ts";
import { cleanFooter, messageEmbed, NOTE_CHARS, SHORTENED, withFooter } from "./embed.ts";
import { escapeMarkdown } from "./escape.ts";
import { EMBED, MAX_CONTENT_CHARS } from "./limits.ts";
import { nativeEmbeds } from "./native.ts";
import { markdownContent } from "./text.ts";

/** The most characters of the message's footer below native embeds, so that it leaves room for them; ours. */
const FOOTER_SHARE = 300;

/**
 * The body of a message, the same for a bot and a webhook; nothing in it can ping anyone.
 * `content` is the complete sentence, which notifications show.
 * https://docs.discord.com/developers/resources/message#create-message
 */
export function discordBody(message: Message, form: DeliveryForm): JsonObject {
  const silent = { allowed_mentions: { parse: [] } };
  if (form === "plain") return { content: wholeText(message), ...silent };
  const { rows, isCut } = buttonRows(message.buttons);
  const embeds = ownEmbeds(message, isCut);
  if (embeds.length > 0)
    return { content: notification(message), embeds, ...withRows(rows), ...silent };
  return { content: wholeText({ ...message, buttons: [] }), ...withRows(rows), ...silent };
}

function withRows(rows: readonly JsonObject[]): { components?: readonly Json[] } {
  return rows.length === 0 ? {} : { components: rows };
}

function notification(message: Message): string {
  return fitLine(sentence(message), MAX_CONTENT_CHARS, (inlines) =>
    escapeMarkdown(plainText(inlines)),
  ).text;
}

function wholeText(message: Message): string {
  const note = `\n-# ${SHORTENED}`;
  const whole = fitBody(asText(message), MAX_CONTENT_CHARS - note.length, markdownContent);
  return whole.isCut ? whole.text + note : whole.text;
}

/** The template's own embeds, else the message's. */
function ownEmbeds(message: Message, isCut: boolean): readonly JsonObject[] {
  const own = message.native === null ? [] : closedEmbeds(message, message.native, isCut);
  return own.length > 0 ? own : messageEmbed(message, isCut);
}

/** Native embeds; the last one takes the message's footer when it has none, and the note of anything cut. */
function closedEmbeds(
  message: Message,
  native: readonly NativeValue[],
  isButtonCut: boolean,
): readonly JsonObject[] {
  const footer = truncate(cleanFooter(message), FOOTER_SHARE);
  const { embeds, isCut } = nativeEmbeds(native, EMBED.sum - footer.length - NOTE_CHARS);
  const last = embeds.at(-1);
  if (last === undefined) return [];
  const own = last["footer"] as { readonly text?: string } | undefined;
  const closing = withFooter(own?.text ?? footer, isCut || isButtonCut);
  return [
    ...embeds.slice(0, -1),
    { ...last, ...closing, ...(own && { footer: { ...own, ...closing.footer } }) },
  ];
}

import type { Tone } from "../../core/change.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Field, Message } from "../../core/message.ts";
import { plainText } from "../../core/message.ts";
import { truncate } from "../../core/text.ts";
import { fitBody, fitLine, type Fitted, fitTogether, type Piece } from "../fit.ts";
import { isBlank } from "../inlines.ts";
import { pageAddress } from "../web-address.ts";
import { escapePlain } from "./escape.ts";
import { EMBED, MAX_URL_CHARS } from "./limits.ts";
import { markdownBody, markdownLine } from "./text.ts";

/** Embeds that fit the platform, and whether something had to be left out. */
export interface Embeds {
  readonly embeds: readonly JsonObject[];
  readonly isCut: boolean;
}

/** What a message says when it had to be cut. */
export const SHORTENED = "Shortened to fit Discord.";

/** What stands for a name or value that is empty. */
export const PLACEHOLDER = "\u200b";

/** What parts the pieces of a footer. */
const BULLET = " • ";

/** The characters that the note takes in a footer. */
export const NOTE_CHARS = BULLET.length + SHORTENED.length;

/** The embed of a message; none when it has no title, body or field. `isCutElsewhere` tells of what was cut elsewhere. */
export function messageEmbed(message: Message, isCutElsewhere: boolean): readonly JsonObject[] {
  const told = message.fields.filter((field) => !isBlank(field.value));
  const fields = told.slice(0, EMBED.fields);
  const footer = cleanFooter(message);
  const [title, description, foot, ...parts] = fitTogether(
    [titlePiece(message), bodyPiece(message), footerPiece(footer), ...fields.flatMap(fieldPieces)],
    EMBED.sum - NOTE_CHARS,
  );
  const shown = [title, description, ...parts];
  if (!shown.some((one) => one !== undefined && one.text !== "")) return [];
  const isCut = told.length > fields.length || [...shown, foot].some((one) => one?.isCut === true);
  const embed = {
    ...titleOf(title, message.link),
    ...(description !== undefined && description.text !== "" && { description: description.text }),
    color: COLORS[message.tone],
    ...(fields.length > 0 && { fields: fieldsOf(parts) }),
    ...withFooter(foot?.text ?? "", isCut || isCutElsewhere),
    ...timestampOf(message.time),
  };
  return [embed];
}

/** A footer of the text and, when something was cut, the note of it; nothing when there is neither. */
export function withFooter(text: string, isCut: boolean): { footer?: { text: string } } {
  const parts = isCut ? [truncate(text, EMBED.footer - NOTE_CHARS), SHORTENED] : [text];
  const shown = parts.filter((part) => part !== "").join(BULLET);
  return shown === "" ? {} : { footer: { text: shown } };
}

/** The footer as Discord shows it, without Markdown. */
export function cleanFooter(message: Message): string {
  return escapePlain(plainText(message.footer)).trim();
}

const COLORS: { readonly [tone in Tone]: number } = {
  good: 0x2e_cc_71,
  info: 0x58_65_f2,
  warning: 0xfe_e7_5c,
  bad: 0xed_42_45,
};

function titlePiece(message: Message): Piece {
  return { max: EMBED.title, fit: (max) => fitLine(message.title, max, markdownLine) };
}

function bodyPiece(message: Message): Piece {
  return { max: EMBED.description, fit: (max) => fitBody(message.body, max, markdownBody) };
}

function footerPiece(text: string): Piece {
  return {
    max: EMBED.footer - NOTE_CHARS,
    fit: (max) => ({ text: truncate(text, max), isCut: text.length > max }),
  };
}

function fieldPieces(field: Field): [Piece, Piece] {
  return [
    { max: EMBED.fieldName, fit: (max) => orPlaceholder(fitLine(field.label, max, markdownLine)) },
    {
      max: EMBED.fieldValue,
      fit: (max) =>
        orPlaceholder(
          fitLine(field.value, max, (inlines) =>
            markdownBody([{ type: "paragraph", children: inlines }]),
          ),
        ),
    },
  ];
}

/** Discord refuses an empty name or value, and counts what stands for it. */
function orPlaceholder(fitted: Fitted): Fitted {
  return fitted.text === "" ? { ...fitted, text: PLACEHOLDER } : fitted;
}

/** `parts` are names and values in turn. */
function fieldsOf(parts: readonly Fitted[]): JsonObject[] {
  return parts.flatMap((name, index) => {
    if (index % 2 === 1) return [];
    const value = parts[index + 1]?.text ?? PLACEHOLDER;
    return [{ name: name.text, value, inline: true }];
  });
}

function titleOf(title: Fitted | undefined, link: string | null): JsonObject {
  if (title === undefined || title.text === "") return {};
  const url = link === null ? null : pageAddress(link, MAX_URL_CHARS);
  return url === null ? { title: title.text } : { title: title.text, url };
}

function timestampOf(time: string | null): { timestamp?: string } {
  const date = new Date(time ?? "");
  return Number.isNaN(date.getTime()) ? {} : { timestamp: date.toISOString() };
}

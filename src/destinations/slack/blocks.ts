import type { types } from "@slack/bolt";
import type { Tone } from "../../core/change.ts";
import type { JsonObject } from "../../core/json.ts";
import type { Button, Field, Message } from "../../core/message.ts";
import { plainText } from "../../core/message.ts";
import { truncate } from "../../core/text.ts";
import { cleanLine } from "../clean.ts";
import { fitBody, fitLine, type Fitted, fitTogether, type Piece } from "../fit.ts";
import { isBlank, sentence } from "../inlines.ts";
import { pageAddress, webAddress } from "../web-address.ts";
import { escapeEntities, escapeLabel, escapePlain } from "./escape.ts";
import { BUTTON, MAX_ACTIONS, MAX_BLOCK_CHARS, SECTION, SHARE } from "./limits.ts";
import { mrkdwnBlocks, mrkdwnLine, mrkdwnTime } from "./text.ts";

/** A block as it goes over the wire. */
export type BlockJson = JsonObject & { readonly type: string };

/** Blocks that fit the platform, and whether something had to be left out. */
export interface Blocks {
  readonly blocks: readonly BlockJson[];
  readonly isCut: boolean;
}

/** What a message says when it had to be cut. */
export const SHORTENED = "Shortened to fit Slack.";

/** The blocks of a message: what happened, its fields, its buttons, and where and when. */
export function messageBlocks(message: Message): Blocks {
  const buttons = actions(message.buttons, message);
  const told = message.fields.filter((field) => !isBlank(field.value));
  const fields = told.slice(0, SECTION.fields);
  const footer = footerPiece(message);
  const taken = charsIn(buttons.blocks) + SHORTENED.length;
  const [head, foot, ...values] = fitTogether(
    [headPiece(message), footer, ...fields.map(fieldPiece)],
    MAX_BLOCK_CHARS - taken,
  );
  const blocks = [
    ...section(head),
    ...fieldSection(values),
    ...buttons.blocks,
    ...context(foot === undefined ? [] : [foot.text]),
  ];
  const isCut = [head, foot, ...values].some((one) => one?.isCut === true);
  return { blocks, isCut: isCut || buttons.isCut || told.length > fields.length };
}

/** The buttons and the footer of a message, for behind native blocks. */
export function closingBlocks(message: Message): Blocks {
  const buttons = actions(message.buttons, message);
  const foot = isBlank(message.footer) ? undefined : footerPiece(message).fit(SHARE.footer);
  return {
    blocks: [...buttons.blocks, ...context(foot === undefined ? [] : [foot.text])],
    isCut: buttons.isCut || foot?.isCut === true,
  };
}

/** A line of small print, a text an element; no block when there is none. */
export function context(texts: readonly string[]): BlockJson[] {
  const elements = texts.filter((text) => text !== "").map(mrkdwn);
  return elements.length === 0 ? [] : [{ type: "context", elements } satisfies types.ContextBlock];
}

/** How many characters of text the blocks show. */
export function charsIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + charsIn(one), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) =>
      sum + (key === "text" && typeof one === "string" ? one.length : charsIn(one)),
    0,
  );
}

function mrkdwn(text: string) {
  return { type: "mrkdwn", text, verbatim: true } satisfies types.MrkdwnElement;
}

function section(head: Fitted | undefined): BlockJson[] {
  if (head === undefined || head.text === "") return [];
  return [{ type: "section", text: mrkdwn(head.text) } satisfies types.SectionBlock];
}

function fieldSection(values: readonly Fitted[]): BlockJson[] {
  const fields = values.filter((value) => value.text !== "").map((value) => mrkdwn(value.text));
  return fields.length === 0 ? [] : [{ type: "section", fields } satisfies types.SectionBlock];
}

/** The marker, the title in bold and linked, and the body; the summary when there is neither. */
function headPiece(message: Message): Piece {
  const isEmpty = isBlank(message.title) && mrkdwnBlocks(message.body) === "";
  const title = isEmpty ? sentence(message) : message.title;
  const marker = /\p{Extended_Pictographic}/u.test(plainText(title)) ? "" : MARKERS[message.tone];
  return {
    max: SECTION.text,
    fit(max) {
      const first = titleText(title, message.link, max);
      const top = `${marker} ${first.text}`.trim();
      const gap = top === "" ? "" : first.text === "" ? " " : "\n";
      const body = fitBody(message.body, max - top.length - 1, mrkdwnBlocks);
      const text = body.text === "" ? top : top + gap + body.text;
      return { text, isCut: first.isCut || body.isCut };
    },
  };
}

/** One emoji, and never the only sign: the words say it too. */
const MARKERS: { readonly [tone in Tone]: string } = {
  good: "🟢",
  info: "🔵",
  warning: "🟡",
  bad: "🔴",
};

/** The title takes at most a quarter of the room, and its address half; a longer address is left out. */
function titleText(title: Message["title"], link: string | null, max: number): Fitted {
  if (isBlank(title)) return { text: "", isCut: false };
  const room = Math.min(SHARE.title, Math.floor(max / 4));
  const address = link === null ? null : webAddress(link, Math.floor(max / 2));
  if (address === null) return fitLine([{ type: "strong", children: title }], room, mrkdwnLine);
  const label = fitLine(title, room, (inlines) => escapeLabel(plainText(inlines)).trim());
  return { text: `*<${escapeEntities(address)}|${label.text}>*`, isCut: label.isCut };
}

function fieldPiece(field: Field): Piece {
  return {
    max: SECTION.field,
    fit(max) {
      const room = Math.min(SHARE.label, Math.floor(max / 2));
      const label = fitLine([{ type: "strong", children: field.label }], room, mrkdwnLine);
      const top = label.text === "" ? "" : `${label.text}\n`;
      const value = fitLine(field.value, max - top.length, (inlines) =>
        mrkdwnBlocks([{ type: "paragraph", children: inlines }]),
      );
      return { text: top + value.text, isCut: label.isCut || value.isCut };
    },
  };
}

function footerPiece(message: Message): Piece {
  const when = message.time === null ? "" : moment(message.time);
  return {
    max: SHARE.footer,
    fit(max) {
      const footer = fitLine(message.footer, Math.max(1, max - when.length - 3), mrkdwnLine);
      const parts = [footer.text, when].filter((part) => part !== "");
      return { text: parts.join(" • "), isCut: footer.isCut };
    },
  };
}

function moment(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "" : mrkdwnTime(time, "datetime", utc(date));
}

/** A moment such as `22 Nov 2026, 10:15 UTC`. */
function utc(date: Date): string {
  const [year = "", month = "1", day = "1"] = date.toISOString().split(/[-T]/);
  const name = MONTHS[Number(month) - 1] ?? "";
  return `${Number(day)} ${name} ${year}, ${date.toISOString().slice(11, 16)} UTC`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function actions(buttons: readonly Button[], message: Message): Blocks {
  const usable = buttons.flatMap(({ label, url }) => {
    const address = pageAddress(url, BUTTON.url);
    const text = cleanLine(plainText(label)).trim();
    return address === null || text === "" ? [] : [{ text, address }];
  });
  const labels = usable
    .slice(0, MAX_ACTIONS)
    .map(({ text }) =>
      fitLine([{ type: "text", value: text }], BUTTON.label, (inlines) =>
        escapePlain(plainText(inlines)),
      ),
    );
  const elements = labels.map(({ text }, index) => ({
    type: "button" as const,
    action_id: `open_${index + 1}`,
    text: { type: "plain_text" as const, text, emoji: false },
    url: usable[index]?.address ?? "",
    accessibility_label: accessibleLabel(usable[index]?.text ?? "", message),
  }));
  const isCut = usable.length > MAX_ACTIONS || labels.some((label) => label.isCut);
  if (elements.length === 0) return { blocks: [], isCut };
  return { blocks: [{ type: "actions", elements } satisfies types.ActionsBlock], isCut };
}

/** What a screen reader says of a button: with what it is about. */
function accessibleLabel(label: string, message: Message): string {
  const title = cleanLine(plainText(message.title)).trim();
  return truncate(title === "" ? label : `${label}: ${title}`, BUTTON.accessibilityLabel);
}

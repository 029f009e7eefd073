import { clean, cleanLine } from "../clean.ts";

/** An invisible character that is no part of a word and breaks no line. */
const JOINER = "\u2060";

/** What stands for a pipe in a link's label, and for a backtick in code: neither can be escaped there. */
const PIPE = "\u2223";
const BACKTICK = "\u02cb";

const WORD = /[\p{L}\p{N}]/u;

/**
 * The text so that mrkdwn shows it as it is: no mention, link, format or emoji.
 * Slack has no escape for its format characters, so invisible characters beside them take their effect away:
 * one behind keeps a format from beginning, one before keeps it from ending.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function escapeMrkdwn(text: string): string {
  const inert = breakEmoji(clean(text))
    .replace(/[*_~`]/g, (mark, at: number, whole: string) =>
      mark !== "`" && isInsideWord(whole, at) ? mark : JOINER + mark + JOINER,
    )
    .replace(/^( *)>/gm, `$1${JOINER}>`)
    .replace(/\u2060{2,}/g, JOINER);
  return escapeEntities(inert);
}

/** As `escapeMrkdwn`, for where Slack would also make links of bare addresses: the `text` of a message. */
export function escapeText(text: string): string {
  return escapeMrkdwn(text).replaceAll("://", `:${JOINER}//`);
}

/** The text for a plain_text object, on one line. */
export function escapePlain(text: string): string {
  return escapeEntities(breakEmoji(cleanLine(text)));
}

/** The text for the label of a link. */
export function escapeLabel(text: string): string {
  return escapeMrkdwn(cleanLine(text)).replaceAll("|", PIPE);
}

/** The text for between backticks. */
export function escapeCode(text: string): string {
  return escapeEntities(clean(text).replaceAll("`", BACKTICK));
}

/** The three characters that Slack's markup is made of. */
export function escapeEntities(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Takes `:name:` apart, but not a time such as 10:30:45. */
function breakEmoji(text: string): string {
  return text.replace(
    /:(?=([\p{L}\p{N}_+'-]+):)/gu,
    (colon, name: string, at: number, whole: string) =>
      /^\d+$/.test(name) && /\d/.test(whole[at - 1] ?? "") ? colon : colon + JOINER,
  );
}

/** Slack's formats begin and end at the edge of a word, so that `john_doe` may stay as it is. */
function isInsideWord(text: string, at: number): boolean {
  return WORD.test(text[at - 1] ?? "") && WORD.test(text[at + 1] ?? "");
}

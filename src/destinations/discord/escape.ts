import { clean, cleanLine } from "../clean.ts";

/** An invisible character that takes a mention apart. */
const SPACE = "\u200b";

/** What stands for a backtick in code, where it cannot be escaped. */
const BACKTICK = "\u02cb";

/** Characters that may begin or end a format, a link or a mention wherever they stand. */
const ANYWHERE = /[\\*_~`|<>[\]@]/g;

/** What makes a list, a heading or small print, where a line begins. */
const AT_LINE_START = /^([^\S\n]*)([-+#])/gm;

/** The dot of a numbered list. */
const NUMBERED = /^([^\S\n]*\d+)(?=[.)])/gm;

/** The colon of an address or of an emoji's name. */
const COLON = /:(?=\/\/|[\w~+-]+:|$)/g;

/** The dot inside of a host name: `discord.gg/x` is an invitation even without `https://`. */
const HOST_DOT = /(?<!\\)\.(?=\p{L})/gu;

/**
 * The text so that Discord shows it as it is: no mention, link, format, emoji or structure.
 * Only what could act is escaped, because push notifications show the backslashes.
 * https://support.discord.com/hc/en-us/articles/210298617-Markdown-Text-101
 */
export function escapeMarkdown(text: string): string {
  const escaped = clean(text)
    .replace(ANYWHERE, "\\$&")
    .replace(AT_LINE_START, "$1\\$2")
    .replace(NUMBERED, "$1\\")
    .replace(COLON, "\\:")
    .replace(HOST_DOT, "\\.");
  return breakMentions(escaped);
}

/** The text for where Discord reads no Markdown: footers, authors, buttons. */
export function escapePlain(text: string): string {
  return cleanLine(text);
}

/** The text for between backticks. */
export function escapeCode(text: string): string {
  return breakMentions(clean(text).replaceAll("`", BACKTICK));
}

function breakMentions(text: string): string {
  return text.replace(/@(?=everyone|here)/gi, `@${SPACE}`);
}

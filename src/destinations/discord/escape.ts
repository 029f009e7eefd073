import { clean, cleanLine } from "../clean.ts";

/** An invisible character that takes a mention apart. */
const SPACE = "\u200b";

/** What stands for a backtick in code, where it cannot be escaped. */
const BACKTICK = "\u02cb";

/**
 * The text so that Discord shows it as it is: no mention, link, format, emoji or structure.
 * https://support.discord.com/hc/en-us/articles/210298617-Markdown-Text-101
 */
export function escapeMarkdown(text: string): string {
  return breakMentions(clean(text).replace(/[\\*_~`|>#\-+[\]()<:@.!]/g, "\\$&"));
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

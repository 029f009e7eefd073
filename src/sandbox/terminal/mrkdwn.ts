import { dayWord, distance, momentOf } from "./moment.ts";
import { withEmoji } from "./emoji.ts";
import { linesOf, plain, type Line, type Look, type Span } from "./span.ts";

/** How a Slack text is read. */
export interface MrkdwnReading {
  /** Whether bare URLs and mentions stay plain text. */
  readonly isVerbatim: boolean;
  /** The reader's clock, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Slack's mrkdwn as its clients show it, in lines.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function mrkdwn(text: string, reading: MrkdwnReading): Line[] {
  const parts = text.split(/```(?:\n)?([\s\S]+?)```/);
  return parts.flatMap((part, index) => {
    if (index % 2 === 1) return linesOf([{ text: unescape(part.replace(/\n$/, "")), look: CODE }]);
    if (part === "" && parts.length > 1) return [];
    const trimmed = trimAround(part, index > 0, index < parts.length - 1);
    return trimmed.split("\n").map((line) => quotable(line, reading));
  });
}

/** The text of a `plain_text` object: emoji and entities, and nothing else. */
export function plainText(text: string, hasEmoji: boolean): Line[] {
  return linesOf([plain(unescape(hasEmoji ? withEmoji(text) : text))]);
}

const CODE: Look = { inverse: true };
const MENTION: Look = { bold: true, color: 0xf2c744 };

/** A code block stands on lines of its own, so that the breaks next to it are its own too. */
function trimAround(part: string, isAfter: boolean, isBefore: boolean): string {
  const start = isAfter ? part.replace(/^\n/, "") : part;
  return isBefore ? start.replace(/\n$/, "") : start;
}

function quotable(line: string, reading: MrkdwnReading): Line {
  const quote = /^(?:&gt;|>)\s?/.exec(line);
  if (quote === null) return { spans: inline(line, {}, reading) };
  const bar = [{ text: "▎ ", look: { dim: true } }];
  return { spans: inline(line.slice(quote[0].length), {}, reading), lead: bar, hang: bar };
}

const FORMATS: { readonly [mark: string]: Look } = {
  "*": { bold: true },
  _: { italic: true },
  "~": { strike: true },
};

/** What may hide between a mark and its text: there it keeps the mark from being one. */
const GLUE = "\\s\\u200b\\u2060\\ufeff";

const TOKENS = new RegExp(
  [
    "<(?<token>[^<>\\n]+)>",
    "`(?<code>[^`\\n]+)`",
    `(?<![\\p{L}\\p{N}])(?<mark>[*_~])(?<inner>(?![${GLUE}*_~])[^\\n]*?[^${GLUE}])\\k<mark>(?![\\p{L}\\p{N}])`,
    "(?<url>https?://[^\\s<>|]+)",
    "(?<mention>@(?:here|channel|everyone))\\b",
  ].join("|"),
  "gu",
);

function inline(text: string, look: Look, reading: MrkdwnReading): Span[] {
  const spans: Span[] = [];
  let at = 0;
  const literal = (end: number) => {
    if (end > at) spans.push({ text: unescape(withEmoji(text.slice(at, end))), look });
  };
  for (const match of text.matchAll(TOKENS)) {
    const found = match.groups ?? {};
    const spansOfToken = formatted(found, look, reading);
    if (spansOfToken === undefined) continue;
    literal(match.index);
    spans.push(...spansOfToken);
    at = match.index + match[0].length;
  }
  literal(text.length);
  return spans;
}

type Found = Partial<Record<string, string>>;

function formatted(found: Found, look: Look, reading: MrkdwnReading): Span[] | undefined {
  const { token, code, mark, inner, url, mention } = found;
  if (token !== undefined) return tokenSpans(token, look, reading);
  if (code !== undefined) return [{ text: unescape(code), look: { ...look, ...CODE } }];
  if (mark !== undefined) return inline(inner ?? "", { ...look, ...FORMATS[mark] }, reading);
  if (reading.isVerbatim) return undefined;
  if (url !== undefined) return [link(unescape(url), unescape(url), look)];
  return mention === undefined ? undefined : [{ text: mention, look: { ...look, ...MENTION } }];
}

/** What stands between angle brackets: a link, a mention, a date. */
function tokenSpans(token: string, look: Look, reading: MrkdwnReading): Span[] {
  const [target, label] = splitOnce(token, "|");
  const named = label === undefined ? undefined : unescape(withEmoji(label));
  if (target.startsWith("!date^")) return [{ text: dateText(target, named, reading.nowMs), look }];
  const mention = mentionText(target, named);
  if (mention !== undefined) return [{ text: mention, look: { ...look, ...MENTION } }];
  const url = unescape(target);
  return [link(url, named ?? url.replace(/^mailto:/, ""), look)];
}

function mentionText(target: string, label: string | undefined): string | undefined {
  if (/^!(here|channel|everyone)$/.test(target)) return `@${target.slice(1)}`;
  if (target.startsWith("!subteam^")) return label ?? `@${target.slice("!subteam^".length)}`;
  if (target.startsWith("@")) return `@${label ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${label ?? target.slice(1)}`;
  return target.startsWith("!") ? (label ?? target) : undefined;
}

function link(url: string, text: string, look: Look): Span {
  return { text, look: { ...look, underline: true, href: url } };
}

/** https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
function dateText(target: string, fallback: string | undefined, nowMs: number): string {
  const [, seconds = "", format = ""] = target.split("^");
  const atMs = Number(seconds) * 1_000;
  const moment = /^-?\d+$/.test(seconds) ? momentOf(atMs) : undefined;
  if (moment === undefined) return fallback ?? target;
  const { year, month, monthName, day, weekday, time12, seconds: second } = moment;
  const long = `${monthName} ${day}${ordinal(day)}, ${year}`;
  const known: { readonly [token: string]: string } = {
    date_num: `${year}-${month}-${String(day).padStart(2, "0")}`,
    date: long,
    date_short: `${monthName.slice(0, 3)} ${day}, ${year}`,
    date_long: `${weekday}, ${long}`,
    time: time12,
    time_secs: time12.replace(" ", `:${second} `),
    ago: distance(atMs, nowMs),
  };
  return format.replace(/\{(\w+?)(_pretty)?\}/g, (whole, name: string, pretty?: string) => {
    const text = known[name] ?? whole;
    return pretty === undefined ? text : (dayWord(atMs, nowMs) ?? text);
  });
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return "th";
  return { 1: "st", 2: "nd", 3: "rd" }[day % 10] ?? "th";
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

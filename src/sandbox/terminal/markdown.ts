import { distance, momentOf } from "./moment.ts";
import { linesOf, type Line, type Look, type Span } from "./span.ts";

/** How a Discord text is read. */
export interface MarkdownReading {
  /** Whether masked links and mentions work: not in an embed's title or a field's name. */
  readonly hasLinks: boolean;
  /** The reader's clock, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * Discord's markdown as its clients show it, in lines.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function markdown(text: string, reading: MarkdownReading): Line[] {
  const parts = text.split(/```(?:[a-z0-9+-]+\n)?\n?([\s\S]+?)\n?```\n?/);
  return parts.flatMap((part, index) => {
    if (index % 2 === 1) return linesOf([{ text: part, look: CODE }]);
    if (part === "" && parts.length > 1) return [];
    const isBeforeCode = index < parts.length - 1;
    return blocks(isBeforeCode ? part.replace(/\n$/, "") : part, reading);
  });
}

const CODE: Look = { inverse: true };
const MENTION: Look = { bold: true, color: 0x5865f2 };
const BAR: readonly Span[] = [{ text: "▎ ", look: { dim: true } }];

function blocks(text: string, reading: MarkdownReading): Line[] {
  const lines = text.split("\n");
  const restAt = lines.findIndex((line) => line.startsWith(">>> "));
  const ordinary = restAt === -1 ? lines : lines.slice(0, restAt);
  const quoted = restAt === -1 ? [] : [lines[restAt]?.slice(4) ?? "", ...lines.slice(restAt + 1)];
  return [
    ...ordinary.map((line) => block(line, reading)),
    ...quoted.map((line) => ({ spans: inline(line, {}, reading), lead: BAR, hang: BAR })),
  ];
}

function block(line: string, reading: MarkdownReading): Line {
  const quote = /^> (.*)$/.exec(line);
  if (quote !== null) return { spans: inline(quote[1] ?? "", {}, reading), lead: BAR, hang: BAR };
  const heading = /^#{1,3} +(.+)$/.exec(line);
  if (heading !== null) return { spans: inline(heading[1] ?? "", { bold: true }, reading) };
  const small = /^-# +(.+)$/.exec(line);
  if (small !== null) return { spans: inline(small[1] ?? "", { dim: true }, reading) };
  const item = /^( *)(?:[-*]|(\d+)\.) +(.+)$/.exec(line);
  if (item === null) return { spans: inline(line, {}, reading) };
  const [, indent = "", number, rest = ""] = item;
  const lead = `${indent}${number === undefined ? "•" : `${number}.`} `;
  return {
    spans: inline(rest, {}, reading),
    lead: [{ text: lead, look: {} }],
    hang: [{ text: " ".repeat(lead.length), look: {} }],
  };
}

/** The pairs of marks, the longer ones first. */
const FORMATS: readonly (readonly [mark: string, look: Look])[] = [
  ["***", { bold: true, italic: true }],
  ["**", { bold: true }],
  ["__", { underline: true }],
  ["~~", { strike: true }],
  ["||", { inverse: true }],
  ["*", { italic: true }],
  ["_", { italic: true }],
];

/** What stands at the start of a rest of text: the spans it shows, and how much of the text they take. */
interface Taken {
  readonly spans: readonly Span[];
  readonly length: number;
}

function inline(text: string, look: Look, reading: MarkdownReading): Span[] {
  const spans: Span[] = [];
  let literal = "";
  let at = 0;
  const flush = () => {
    if (literal !== "") spans.push({ text: literal, look });
    literal = "";
  };
  while (at < text.length) {
    const rest = text.slice(at);
    const escaped = /^\\([^\p{L}\p{N}\s])/u.exec(rest);
    const taken = escaped === null ? take(rest, text[at - 1], look, reading) : undefined;
    if (taken === undefined) {
      literal += escaped?.[1] ?? text[at] ?? "";
      at += escaped?.[0].length ?? 1;
      continue;
    }
    flush();
    spans.push(...taken.spans);
    at += taken.length;
  }
  flush();
  return spans;
}

function take(
  rest: string,
  before: string | undefined,
  look: Look,
  reading: MarkdownReading,
): Taken | undefined {
  return (
    takeCode(rest, look) ??
    takeAngled(rest, look, reading) ??
    (reading.hasLinks ? takeLink(rest, look, reading) : undefined) ??
    takeUrl(rest, look) ??
    takeMention(rest, look) ??
    takeFormat(rest, before, look, reading)
  );
}

function takeCode(rest: string, look: Look): Taken | undefined {
  const code = /^(`+)(?!`)(.+?)(?<!`)\1(?!`)/s.exec(rest);
  if (code === null) return undefined;
  const text = code[2]?.replace(/^ (.*) $/, "$1") ?? "";
  return { spans: [{ text, look: { ...look, ...CODE } }], length: code[0].length };
}

/** What stands between angle brackets: a time, a mention, an emoji, a link without a preview. */
function takeAngled(rest: string, look: Look, reading: MarkdownReading): Taken | undefined {
  const angled = /^<([^<>\s]+)>/.exec(rest);
  if (angled === null) return undefined;
  const [{ length }, inner = ""] = angled;
  const time = /^t:(-?\d{1,13})(?::([tTdDfFsSR]))?$/.exec(inner);
  if (time !== null) {
    const text = timeText(Number(time[1]) * 1_000, time[2] ?? "f", reading.nowMs);
    return { spans: [{ text, look: { ...look, ...CODE } }], length };
  }
  const mention = /^(@&?|@!|#)(\d+)$/.exec(inner);
  if (mention !== null && reading.hasLinks) {
    const text = `${mention[1]?.startsWith("#") ? "#" : "@"}${mention[2]}`;
    return { spans: [{ text, look: { ...look, ...MENTION } }], length };
  }
  const emoji = /^a?(:\w+:)\d+$/.exec(inner);
  if (emoji !== null) return { spans: [{ text: emoji[1] ?? "", look }], length };
  if (/^https?:\/\//.test(inner)) return { spans: [link(inner, inner, look)], length };
  return undefined;
}

function takeLink(rest: string, look: Look, reading: MarkdownReading): Taken | undefined {
  const masked = /^\[((?:\\.|[^\\[\]])+)\]\(<?(https?:\/\/[^\s()<>]+(?:\([^\s()<>]*\))?)>?\)/.exec(
    rest,
  );
  if (masked === null) return undefined;
  const [{ length }, label = "", url = ""] = masked;
  const inLink = { ...look, underline: true, href: url };
  return { spans: inline(label, inLink, { ...reading, hasLinks: false }), length };
}

function takeUrl(rest: string, look: Look): Taken | undefined {
  if (look.href !== undefined) return undefined;
  const url = /^https?:\/\/[^\s<>\\*]*[^\s<>\\*.,:;"'\])]/.exec(rest)?.[0];
  return url === undefined ? undefined : { spans: [link(url, url, look)], length: url.length };
}

function takeMention(rest: string, look: Look): Taken | undefined {
  const mention = /^@(everyone|here)(?!\w)/.exec(rest)?.[0];
  if (mention === undefined) return undefined;
  return { spans: [{ text: mention, look: { ...look, ...MENTION } }], length: mention.length };
}

function takeFormat(
  rest: string,
  before: string | undefined,
  look: Look,
  reading: MarkdownReading,
): Taken | undefined {
  for (const [mark, format] of FORMATS) {
    if (!rest.startsWith(mark)) continue;
    // An underscore inside a word is one, not the start of italics.
    if (mark === "_" && before !== undefined && /[\p{L}\p{N}]/u.test(before)) continue;
    const end = closing(rest, mark);
    if (end === -1) continue;
    const inner = inline(rest.slice(mark.length, end), { ...look, ...format }, reading);
    return { spans: inner, length: end + mark.length };
  }
  return undefined;
}

/** Where the mark that closes the one at the start stands; -1 when there is none. */
function closing(rest: string, mark: string): number {
  const isSingle = mark.length === 1;
  if (isSingle && /\s/.test(rest[1] ?? " ")) return -1;
  for (let at = mark.length; at < rest.length; at += 1) {
    if (rest[at] === "\\") at += 1;
    else if (rest.startsWith(mark, at) && at > mark.length) {
      const after = rest[at + mark.length] ?? "";
      if (isSingle && /\s/.test(rest[at - 1] ?? "")) continue;
      if (after === mark[0]) continue;
      if (mark === "_" && /[\p{L}\p{N}]/u.test(after)) continue;
      return at;
    }
  }
  return -1;
}

function link(url: string, text: string, look: Look): Span {
  return { text, look: { ...look, underline: true, href: url } };
}

/** https://docs.discord.com/developers/reference#message-formatting-timestamp-styles */
function timeText(atMs: number, style: string, nowMs: number): string {
  const moment = momentOf(atMs);
  if (moment === undefined) return "Invalid Date";
  const { year, month, monthName, day, weekday, time, seconds } = moment;
  const short = `${String(day).padStart(2, "0")}/${month}/${year}`;
  const long = `${day} ${monthName} ${year}`;
  const texts: { readonly [style: string]: string } = {
    t: time,
    T: `${time}:${seconds}`,
    d: short,
    D: long,
    f: `${long} ${time}`,
    F: `${weekday}, ${long} ${time}`,
    s: `${short}, ${time}`,
    S: `${short}, ${time}:${seconds}`,
    R: distance(atMs, nowMs),
  };
  return texts[style] ?? "";
}

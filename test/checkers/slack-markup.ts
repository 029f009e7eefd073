/** What Slack would make of a text: its tokens, formats, emoji, quotes and automatic links, and what a reader sees. */
export interface SlackMarkup {
  /** What stands between `<` and `>`, such as `!channel` or `https://example.com|label`. */
  readonly tokens: readonly string[];
  /** What is shown bold, italic, struck or as code. */
  readonly formats: readonly string[];
  readonly emoji: readonly string[];
  readonly quotes: readonly string[];
  /** Addresses and mentions that Slack would link by itself. */
  readonly automatic: readonly string[];
  /** The text as a reader sees it, invisible characters left out. */
  readonly shown: string;
}

/**
 * Reads mrkdwn by Slack's documented rules, written down anew and without a look at `src`.
 * `isVerbatim` is the text object's own setting, or `parse: none` for a message's text.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export function readMrkdwn(text: string, isVerbatim: boolean): SlackMarkup {
  const tokens = [...text.matchAll(/<([^<>]*)>/g)].map(([, token = ""]) => token);
  const outside = text.replace(/<([^<>]*)>/g, (_, token: string) => labelOf(token));
  return {
    tokens,
    formats: formatsIn(outside),
    emoji: [...outside.matchAll(/:[\p{L}\p{N}_+'-]+:/gu)]
      .map(([name]) => name)
      .filter((name) => !/^:\d+:$/.test(name)),
    quotes: outside.split("\n").filter((line) => /^\s*(>|&gt;)/.test(line)),
    automatic: isVerbatim
      ? []
      : [...outside.matchAll(/(https?:\/\/|www\.)\S+|(^|\s)[#@]\w+/g)].map(([match]) => match),
    shown: decode(outside).replace(/[\u200b\u2060]/g, ""),
  };
}

/** What `plain_text` shows: entities are read, nothing else. */
export function readPlainText(text: string): string {
  return decode(text).replace(/[\u200b\u2060]/g, "");
}

/** A format begins at the edge of a word right before something visible, and ends right after it at such an edge. */
function formatsIn(text: string): string[] {
  const visible = String.raw`[^\s\u200b\u2060]`;
  const edge = String.raw`[^\p{L}\p{N}]`;
  return ["\\*", "_", "~", "`"].flatMap((mark) => {
    const before = mark === "`" ? "" : `(?<=^|${edge})`;
    const after = mark === "`" ? "" : `(?=$|${edge})`;
    const pattern = `${before}${mark}(?=${visible})([^\\n]*?)(?<=${visible})${mark}${after}`;
    return [...text.matchAll(new RegExp(pattern, "gmu"))].map(([match]) => match);
  });
}

function labelOf(token: string): string {
  const pipe = token.indexOf("|");
  return pipe === -1 ? token : token.slice(pipe + 1);
}

function decode(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Message } from "../../../src/core/message.ts";
import { slackBody } from "../../../src/destinations/slack/message.ts";
import { readMrkdwn, readPlainText } from "../../checkers/slack-markup.ts";
import { everywhere, HOSTILE, message, native, nativeSlack, paragraph, text } from "../messages.ts";

const UPGRADE = message({
  summary: text("Acme upgraded from Starter to Pro."),
  title: text("Acme upgraded to Pro"),
  link: "https://example.com/customers/cus_123",
  tone: "good",
  body: [paragraph({ type: "strong", children: text("Starter") }, ...text(" is over"))],
  fields: [
    { label: text("Plan"), value: text("Starter → Pro") },
    { label: text("MRR"), value: text("$49 → $199") },
    { label: text("Empty"), value: text(" ") },
  ],
  buttons: [{ label: text("View customer"), url: "https://example.com/customers/cus_123" }],
  footer: text("Billing • changed by Dana Smith"),
  time: "2026-11-22T10:15:00.000Z",
});

describe("a message in Slack", () => {
  it("has a section, fields, a button and small print", () => {
    const body = slackBody(UPGRADE, "full", "C0123456789");

    expect(body).toEqual(fixture("upgrade.json"));
  });

  it("is its text alone when Slack refused the rest", () => {
    const body = slackBody(UPGRADE, "plain", null);

    expect(body).toEqual({
      text: [
        "Acme upgraded from Starter to Pro.",
        "<https://example.com/customers/cus_123|Acme upgraded to Pro>",
        "*Starter* is over",
        "*Plan*: Starter → Pro",
        "*MRR*: $49 → $199",
        "<https://example.com/customers/cus_123|View customer>",
        "Billing • changed by Dana Smith",
      ].join("\n\n"),
      unfurl_links: false,
      unfurl_media: false,
      parse: "none",
    });
  });

  it("says its summary when there is nothing else", () => {
    const body = slackBody(message({ summary: text("Acme is here.") }), "full", null);

    expect(body["blocks"]).toEqual([section("🔵 *Acme is here.*")]);
    expect(body["text"]).toBe("Acme is here.");
  });

  it("marks the tone with one emoji, unless the title has its own", () => {
    const markers = (["good", "info", "warning", "bad"] as const).map((tone) =>
      headOf({ title: text("Acme"), tone }),
    );

    expect(markers).toEqual(["🟢 *Acme*", "🔵 *Acme*", "🟡 *Acme*", "🔴 *Acme*"]);
    expect(headOf({ title: text("👥 Acme"), tone: "bad" })).toBe("*👥 Acme*");
  });

  it.each([
    ["a list", { type: "list", ordered: false, start: 1, items: [[p("a")], [p("b")]] }, "• a\n• b"],
    [
      "a numbered list",
      { type: "list", ordered: true, start: 3, items: [[p("a")], [p("b")]] },
      "3. a\n4. b",
    ],
    ["a quote", { type: "quote", children: [p("a\nb")] }, "> a\n> b"],
    ["code", { type: "code", value: "a < b\n```" }, "```\na &lt; b\nˋˋˋ\n```"],
    ["a heading", { type: "heading", depth: 2, children: text("a") }, "*a*"],
    ["a rule", { type: "rule" }, "———"],
  ] as const)("writes %s as mrkdwn", (_, block, expected) => {
    expect(headOf({ title: text("T"), body: [block] })).toBe(`🔵 *T*\n${expected}`);
  });

  it.each([
    ["emphasis", { type: "emphasis", children: text(" a ") }, " _a_ "],
    ["strike", { type: "strike", children: text("a") }, "~a~"],
    ["code", { type: "code", value: "a`b" }, "`aˋb`"],
    [
      "a link",
      { type: "link", url: "https://example.com/a|b?c=<d>&e", children: text("a|b") },
      "<https://example.com/a%7Cb?c=%3Cd%3E&amp;e|a∣b>",
    ],
    [
      "a link that must not be",
      { type: "link", url: "javascript:alert(1)", children: text("a") },
      "a",
    ],
    [
      "a day",
      { type: "time", time: "2026-11-22T10:15:00Z", style: "date", fallback: "22 Nov" },
      "<!date^1795342500^{date_short_pretty}|22 Nov>",
    ],
    [
      "a distance in time",
      { type: "time", time: "2026-11-22T10:15:00Z", style: "relative", fallback: "then" },
      "<!date^1795342500^{ago}|then>",
    ],
    ["no time", { type: "time", time: "soon", style: "date", fallback: "<soon>" }, "&lt;soon&gt;"],
  ] as const)("writes %s inside a text", (_, inline, expected) => {
    const body = [paragraph(...text("("), inline, ...text(")"))];

    expect(headOf({ title: text("T"), body })).toBe(`🔵 *T*\n(${expected})`);
  });

  it("leaves a word with underscores as it is, so that it can be copied", () => {
    expect(headOf({ title: text("john_doe@example.com at 10:30:45") })).toBe(
      "🔵 *john_doe@example.com at 10:30:45*",
    );
  });

  it("keeps more buttons and fields than fit out, and says so", () => {
    const fields = Array.from({ length: 11 }, () => ({ label: text("a"), value: text("b") }));

    const body = slackBody(message({ title: text("T"), fields }), "full", null);

    expect(JSON.stringify(body)).toContain("Shortened to fit Slack.");
  });
});

describe("a hostile name in Slack", () => {
  it("shows as typed in the text, and links nowhere", () => {
    const body = slackBody(everywhere(HOSTILE), "full", null);

    const markup = readMrkdwn(body["text"] as string, body["parse"] === "none");
    expect(markup).toEqual({ ...NOTHING_LIVE, shown: HOSTILE });
    expect(body["text"]).not.toContain("://");
  });

  it("shows as typed in title, body, fields, buttons and footer", () => {
    const title = HOSTILE.replaceAll("|", "∣");

    const texts = textsIn(slackBody(everywhere(HOSTILE), "full", null));

    const shown = texts
      .filter(({ type }) => type === "mrkdwn")
      .map(({ text: markup }) => readMrkdwn(markup, true));
    expect(shown.flatMap(({ tokens }) => tokens.map((token) => token.split("|")[0]))).toEqual([
      "https://example.com/customers/1",
      "!date^1795342500^{date_short_pretty} at {time}",
    ]);
    expect(shown.flatMap(({ emoji, automatic }) => [...emoji, ...automatic])).toEqual([]);
    expect(shown.map((markup) => markup.shown)).toEqual([
      `🟡 *${title}*\n${HOSTILE}\n\n> ${HOSTILE}`,
      `*${HOSTILE}*\n${HOSTILE}`,
      `${HOSTILE} • 22 Nov 2026, 10:15 UTC`,
    ]);
    const formats = shown.flatMap((markup) => markup.formats.map(withoutInvisible));
    expect(formats).toEqual([title, HOSTILE].map((name) => `*${escaped(name)}*`));
  });

  it("shows as typed in native blocks, and stays inside an address", () => {
    const body = slackBody(message({ native: nativeSlack(HOSTILE) }), "full", null);

    const texts = textsIn(body);
    for (const { type, text: markup } of texts) {
      if (type === "plain_text") expect(readPlainText(markup)).toBe(HOSTILE);
      else expect(readMrkdwn(markup, true)).toMatchObject({ tokens: [], emoji: [], quotes: [] });
    }
    expect(texts.map(({ text: markup }) => readMrkdwn(markup, true).shown)).toEqual([
      HOSTILE,
      `*Customer* ${HOSTILE}`,
      HOSTILE,
      HOSTILE,
      HOSTILE,
    ]);
    expect(JSON.stringify(body)).toContain(
      `https://example.com/logo?of=${encodeURIComponent(HOSTILE).replaceAll("(", "%28").replaceAll(")", "%29")}`,
    );
  });

  it.each([
    "*bold*",
    "_a_",
    "~a~",
    "`a`",
    "```a```",
    ":tada:",
    "> quote",
    "a\n> b",
    "&lt;!here&gt;",
    "<@U1>",
    "* _x_ *",
  ])("shows %j as typed", (typed) => {
    const texts = textsIn(slackBody(message({ title: text("T"), body: [p(typed)] }), "full", null));

    const [head] = texts;
    const line = head?.text.replace("🔵 *T*\n", "") ?? "";
    expect(readMrkdwn(line, true)).toEqual({ ...NOTHING_LIVE, shown: typed });
  });
});

describe("native blocks in Slack", () => {
  it("take the place of title, body and fields, with buttons and footer behind them", () => {
    const blocks = [
      { type: native("section"), text: { type: native("mrkdwn"), text: native("*Hi*") } },
    ];

    const body = slackBody({ ...UPGRADE, native: blocks }, "full", null);

    const types = (body["blocks"] as { type: string }[]).map(({ type }) => type);
    expect(types).toEqual(["section", "actions", "context"]);
    expect(JSON.stringify(body["blocks"])).not.toContain("Starter");
  });

  it("are verbatim whatever the template says", () => {
    const blocks = [
      {
        type: native("section"),
        text: { type: native("mrkdwn"), text: native("#sales"), verbatim: false },
      },
    ];

    const body = slackBody(message({ native: blocks }), "full", null);

    expect(body["blocks"]).toEqual([section("#sales")]);
  });

  it("leave out what would be empty, and give way to the message when nothing is left", () => {
    const blocks = [
      { type: native("section"), text: { type: native("mrkdwn"), text: native([" "]) } },
      { type: native("image"), image_url: native(["javascript:alert(1)"]), alt_text: native("x") },
      { type: native("context"), elements: [{ type: native("mrkdwn"), text: native([""]) }] },
    ];

    const body = slackBody(message({ summary: text("Acme"), native: blocks }), "full", null);

    expect(body["blocks"]).toEqual([section("🔵 *Acme*")]);
  });

  it("shorten values before they touch the author's markup", () => {
    const blocks = [
      {
        type: native("header"),
        text: { type: native("plain_text"), text: native("[", ["x".repeat(500)], "]") },
      },
    ];

    const body = slackBody(message({ native: blocks }), "full", null);

    const [header] = textsIn(body);
    expect(header?.text).toBe(`[${"x".repeat(147)}…]`);
  });
});

const NOTHING_LIVE = { tokens: [], formats: [], emoji: [], quotes: [], automatic: [] };

function withoutInvisible(markup: string): string {
  return markup.replaceAll("\u2060", "");
}

function escaped(name: string): string {
  return name.replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function p(value: string) {
  return paragraph(...text(value));
}

function section(markup: string) {
  return { type: "section", text: { type: "mrkdwn", text: markup, verbatim: true } };
}

function headOf(given: Partial<Message>): string {
  const [head] = textsIn(slackBody(message(given), "full", null));
  return head?.text ?? "";
}

interface TextObject {
  readonly type: string;
  readonly text: string;
}

/** The text objects of a body, in order. */
function textsIn(value: unknown): TextObject[] {
  if (typeof value !== "object" || value === null) return [];
  const { type, text: own } = value as { type?: unknown; text?: unknown };
  if ((type === "mrkdwn" || type === "plain_text") && typeof own === "string")
    return [{ type, text: own }];
  return Object.values(value).flatMap(textsIn);
}

function fixture(name: string): unknown {
  const file = new URL(`../../fixtures/slack/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

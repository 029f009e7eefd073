import * as fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { cardWidth, renderCard } from "../../../src/sandbox/terminal/card.ts";
import { example, expected, message } from "./expected.ts";

function slack(body: JsonObject, width = 48): string {
  return renderCard(message("slack", body), { width, color: false }).join("\n");
}

function discord(body: JsonObject, width = 48): string {
  return renderCard(message("discord", body), { width, color: false }).join("\n");
}

function colored(text: string): string {
  return renderCard(message("slack", { text }), { width: 40, color: true }).join("\n");
}

function inlineField(name: string): JsonObject {
  return { name, value: `${name} value`, inline: true };
}

test.each(["slack-upgrade", "slack-group"])("the example %s looks as in Slack", (name) => {
  expect(slack(example(name), 60)).toBe(expected(name));
});

test.each(["discord-upgrade", "discord-group"])("the example %s looks as in Discord", (name) => {
  expect(discord(example(name), 60)).toBe(expected(name));
});

test("a narrow card wraps inside its frame and its columns", () => {
  expect(slack(example("slack-upgrade"), 32)).toBe(expected("slack-narrow"));
  expect(discord(example("discord-upgrade"), 32)).toBe(expected("discord-narrow"));
});

test("Slack's text is shown as Slack's clients do", () => {
  const text = [
    "*Bold*, _italic_, ~struck~ and `code`, but snake_case and 2*3*4 stay.",
    "<https://example.com/|A link>, <https://example.com/bare>, <mailto:ann@example.com>",
    "<!here>, <@U12345|ann>, <#C12345|sales>, <!subteam^S1|@ops>",
    "&lt;b&gt; &amp;amp; :tada: :unknown:",
    "<!date^1795342500^{date_long} at {time}|fallback> <!date^1795342500^{ago}|fallback>",
    "<!date^1795342500^{date_num} {time_secs}|fallback>, <!date^soon^{date}|some day>",
    "&gt; a quote",
    "```",
    "code & more",
    "```",
  ].join("\n");

  expect(slack({ text }, 72)).toBe(expected("slack-text"));
});

test("every kind of Slack block has its place", () => {
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "A header with *stars*" } },
    {
      type: "section",
      text: { type: "mrkdwn", text: "A section" },
      accessory: { type: "button", text: { type: "plain_text", text: "Open" } },
    },
    { type: "section", fields: ["One", "Two", "Three"].map((text) => ({ type: "mrkdwn", text })) },
    { type: "divider" },
    { type: "image", image_url: "https://example.com/a.png", alt_text: "A chart" },
    { type: "markdown", text: "**Markdown** with\n- an item" },
    {
      type: "context",
      elements: [
        { type: "image", image_url: "https://example.com/a.png", alt_text: "Logo" },
        { type: "mrkdwn", text: "Billing" },
      ],
    },
    { type: "video" },
  ];

  expect(slack({ text: "not shown", blocks })).toBe(expected("slack-blocks"));
});

test("Discord's text is shown as Discord's clients do", () => {
  const content = [
    "# A heading",
    "**Bold with *italic***, _italic_, __underlined__, ~~struck~~, ||hidden||, `code`",
    String.raw`\*not bold\*, snake_case_word, \<@123\>, \@everyone`,
    "[A link](https://example.com/), https://example.com/bare. <https://example.com/quiet>",
    "<t:1795342500:F>, <t:1795342500:d>, <t:1795342500:R>, <t:1795342500:t>",
    "@here <@123> <#456> <:custom:789>",
    "- an item that is long enough that it has to go on in a second row",
    "1. first",
    "> a quote",
    "-# small print",
    "```js",
    "const code = 1;",
    "```",
  ].join("\n");

  expect(discord({ content }, 72)).toBe(expected("discord-text"));
});

test("every part of a Discord embed has its place", () => {
  const embeds = [
    {
      author: { name: "Author" },
      title: "[No](https://example.com/) link in a **title**",
      description: "Described",
      fields: [
        inlineField("One"),
        inlineField("Two"),
        inlineField("Three"),
        inlineField("Four"),
        { name: "Alone", value: "its value" },
      ],
      image: { url: "https://example.com/a.png" },
      footer: { text: "**no** markdown" },
      timestamp: "2026-11-22T10:15:00.000Z",
    },
    { description: "A second one" },
  ];

  expect(discord({ embeds }, 56)).toBe(expected("discord-embed"));
});

test("wide, joined and combining characters keep the frame straight", () => {
  const text = "漢字のとても長い名前の顧客 👨‍👩‍👧 cafe\u0301 🏳️‍🌈 ｶﾞ 한국어 end";

  expect(slack({ text }, 32)).toBe(expected("slack-wide"));
  expect(discord({ content: text }, 32)).toBe(expected("discord-wide"));
});

test("characters that are not seen, or that steer the terminal, are left out", () => {
  const text =
    "a\u200Bb\u2060c\uFEFFd \u001B[31mred\u001B[0m \u0007\u202Eright\u2066 \u009B2J tab\tend";

  expect(slack({ text })).toBe(expected("slack-invisible"));
});

test("a format character that a zero-width one follows formats nothing", () => {
  expect(colored("*bold*")).toContain("\u001B[1mbold\u001B[0m");
  expect(colored("*\u2060bold*\u2060")).toContain("*bold*");
});

test("a word wider than the frame is broken", () => {
  expect(slack({ text: `See ${"x".repeat(60)} there` }, 32)).toBe(expected("slack-long-word"));
});

test("whatever a message holds, every row is as wide as the card", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "*",
      "**",
      "_",
      "~~",
      "`",
      "```",
      "<",
      ">",
      "[",
      "](https://x)",
      "\n",
      "\\",
      "<t:1:R>",
    ),
    fc.constantFrom("\u001B[2J", "\u200D", "\uFE0F", "\u0301", "漢", "👨‍👩‍👧", "🇩🇪", "- ", "&gt; "),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

  fc.assert(
    fc.property(text, text, fc.integer({ min: 24, max: 90 }), (one, two, width) => {
      const fields = [{ name: two, value: one, inline: true }];
      const embeds = [{ title: one, description: two, fields: [...fields, ...fields] }];
      const section = { type: "section", text: { type: "mrkdwn", text: one } };
      const options = { width, color: false };
      const rows = [
        ...renderCard(message("slack", { text: one }, { channel: two }), options),
        ...renderCard(message("slack", { blocks: [section], username: two }), options),
        ...renderCard(message("discord", { content: one, embeds }), options),
      ];

      expect(new Set(rows.map((row) => stringWidth(row)))).toEqual(new Set([width]));
    }),
  );
});

test("the frame tells platform, channel and webhook, and the head who posted", () => {
  const body = { content: "Hello", username: "Ops" };

  const [title, head] = renderCard(message("discord", body, { kind: "webhook", channel: "ops" }), {
    width: 40,
    color: false,
  });

  expect(title).toBe("╭─ Discord · #ops · webhook ───────────╮");
  expect(head).toBe("│ Ops APP  10:15                       │");
});

test("a channel without a name is shown by its id", () => {
  const [title] = renderCard(message("slack", { text: "x" }, { channel: "C024BE91L" }), {
    width: 40,
    color: false,
  });

  expect(title).toBe("╭─ Slack · C024BE91L ──────────────────╮");
});

test("Slack marks an edited text, but not edited blocks", () => {
  const editedAt = Date.parse("2026-11-22T10:16:00Z");
  const shown = (body: JsonObject) =>
    renderCard(message("slack", body, { editedAt }), { width: 60, color: false }).join("\n");

  expect(shown({ text: "Hello" })).toContain("(edited)");
  expect(shown(example("slack-group"))).not.toContain("(edited)");
});

test("with color, looks, links and the embed's tone are ANSI sequences", () => {
  const body = { embeds: [{ title: "Title", url: "https://example.com/", color: 0x2ecc71 }] };

  const shown = renderCard(message("discord", body), { width: 40, color: true }).join("\n");

  expect(shown).toContain("\u001B[38;2;46;204;113m▌ ");
  expect(shown).toContain("\u001B]8;;https://example.com/\u001B\\");
  expect(shown).toContain("\u001B[1;38;2;88;166;255mTitle\u001B[0m");
});

test("a link that no browser should open is not one in the terminal", () => {
  const shown = renderCard(message("slack", { text: "<javascript:alert(1)|click>" }), {
    width: 40,
    color: true,
  }).join("\n");

  expect(shown).toContain("click");
  expect(shown).not.toContain("\u001B]8");
});

test.each([
  [60, 60],
  [99, 80],
  [100, 49],
  [140, 69],
  [300, 80],
  [10, 24],
])("in a terminal of %i columns a card is %i wide", (columns, width) => {
  expect(cardWidth(columns)).toBe(width);
});

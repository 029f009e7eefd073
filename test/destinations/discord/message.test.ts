import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Inline, Message } from "../../../src/core/message.ts";
import type { DeliveryForm } from "../../../src/core/delivery.ts";
import { discordBody } from "../../../src/destinations/discord/message.ts";
import { readMarkdown } from "../../checkers/discord-markup.ts";
import {
  everywhere,
  HOSTILE,
  message,
  native,
  nativeDiscord,
  paragraph,
  text,
} from "../messages.ts";

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

describe("a message in Discord", () => {
  it("has a sentence, an embed and a button, and pings nobody", () => {
    const body = discordBody(UPGRADE, "full");

    expect(body).toEqual(fixture("upgrade.json"));
  });

  it("is its text alone when Discord refused the rest", () => {
    const body = discordBody(UPGRADE, "plain");

    expect(body).toEqual({
      content: [
        "Acme upgraded from Starter to Pro.",
        "Acme upgraded to Pro <https://example.com/customers/cus_123>",
        "**Starter** is over",
        "**Plan**\u200b: Starter → Pro",
        "**MRR**\u200b: $49 → $199",
        "View customer <https://example.com/customers/cus_123>",
        "Billing • changed by Dana Smith",
      ].join("\n\n"),
      allowed_mentions: { parse: [] },
    });
  });

  it("says its summary when there is nothing else", () => {
    const body = discordBody(message({ summary: text("Acme is here") }), "full");

    expect(body).toEqual({ content: "Acme is here", allowed_mentions: { parse: [] } });
  });

  it("has the color of its tone", () => {
    const colors = (["good", "info", "warning", "bad"] as const).map(
      (tone) => embedOf({ title: text("Acme"), tone }).color,
    );

    expect(colors).toEqual([0x2ecc71, 0x5865f2, 0xfee75c, 0xed4245]);
  });

  it("stands in for a label that is empty, which Discord would refuse", () => {
    const embed = embedOf({ fields: [{ label: [], value: text("Pro") }] });

    expect(embed.fields).toEqual([{ name: "\u200b", value: "Pro", inline: true }]);
  });

  it("puts five buttons in a row, and says when there are more than fit", () => {
    const buttons = Array.from({ length: 26 }, () => ({
      label: text("a"),
      url: "https://a.example",
    }));

    const body = discordBody(message({ title: text("T"), buttons }), "full");

    const rows = body["components"] as { components: unknown[] }[];
    expect(rows.map((row) => row.components.length)).toEqual([5, 5, 5, 5, 5]);
    expect(JSON.stringify(body)).toContain("Shortened to fit Discord.");
  });

  it.each([
    ["a list", { type: "list", ordered: false, start: 1, items: [[p("a")], [p("b")]] }, "- a\n- b"],
    [
      "a numbered list",
      { type: "list", ordered: true, start: 3, items: [[p("a")], [p("b")]] },
      "3. a\n4. b",
    ],
    ["a quote", { type: "quote", children: [p("a\nb")] }, "> a\n> b"],
    ["code", { type: "code", value: "a\n```" }, "```\na\nˋˋˋ\n```"],
    ["a heading", { type: "heading", depth: 2, children: text("a") }, "**a**"],
  ] as const)("writes %s as Markdown", (_, block, expected) => {
    expect(embedOf({ body: [block] }).description).toBe(expected);
  });

  it.each<[string, Inline, string]>([
    [
      "a link",
      { type: "link", url: "https://example.com/a(b)?c=<d>", children: text("a]") },
      "[a\\]](https://example.com/a%28b%29?c=%3Cd%3E)",
    ],
    [
      "a link that must not be",
      { type: "link", url: "javascript:alert(1)", children: text("a") },
      "a",
    ],
    [
      "a day",
      { type: "time", time: "2026-11-22T10:15:00Z", style: "date", fallback: "x" },
      "<t:1795342500:D>",
    ],
    [
      "a moment",
      { type: "time", time: "2026-11-22T10:15:00Z", style: "datetime", fallback: "x" },
      "<t:1795342500:f>",
    ],
    [
      "a distance in time",
      { type: "time", time: "2026-11-22T10:15:00Z", style: "relative", fallback: "x" },
      "<t:1795342500:R>",
    ],
    ["code", { type: "code", value: "@everyone `" }, "`@\u200beveryone ˋ`"],
  ])("writes %s inside a description, and only its text in a title", (_, inline, expected) => {
    const embed = embedOf({ title: [...text("T "), inline], body: [paragraph(inline)] });

    expect(embed.description).toBe(expected);
    expect(embed.title).not.toContain("](");
    expect(embed.title).not.toContain("<t:");
  });
});

describe("a hostile name in Discord", () => {
  it.each(["full", "plain"] as const)(
    "is shown as typed everywhere and means nothing (%s)",
    (form) => {
      const body = discordBody(everywhere(HOSTILE), form);

      const texts = markdownIn(body);
      expect(texts.length).toBeGreaterThan(0);
      for (const { key, value } of texts) {
        const { nodes, shown } = readMarkdown(value);
        expect(
          nodes.filter((node) => !ALLOWED[form].includes(node)),
          key,
        ).toEqual([]);
        expect(shown).toContain(HOSTILE);
      }
    },
  );

  it("is neither a bare address nor a mention", () => {
    const raw = JSON.stringify(
      discordBody(everywhere(`${HOSTILE} <@123456789012345678>`), "plain"),
    );

    expect(raw).not.toContain("http://evil.example");
    expect(raw).not.toMatch(/@everyone|[^\\]<@/);
  });

  it("is shown as typed in native embeds, and stays inside an address", () => {
    const body = discordBody(message({ native: nativeDiscord(HOSTILE) }), "full");

    const [embed] = body["embeds"] as unknown as Embed[];
    expect(readMarkdown(embed?.title ?? "")).toEqual({ nodes: [], shown: HOSTILE });
    expect(readMarkdown(embed?.description ?? "")).toEqual({
      nodes: ["strong"],
      shown: `Customer ${HOSTILE}`,
    });
    expect(readMarkdown(embed?.fields?.[0]?.value ?? "")).toEqual({ nodes: [], shown: HOSTILE });
    expect(embed?.footer?.text).toBe(HOSTILE);
    expect(embed?.author?.name).toBe(HOSTILE);
    expect(new URL(embed?.author?.icon_url ?? "").searchParams.get("of")).toBe(HOSTILE);
  });

  it.each([
    "*a* _b_ __c__ ~~d~~ ||e|| `f` ```g```",
    "# heading",
    "-# small",
    "> quote",
    ">>> quote",
    "- item",
    "1. item",
    "[a](https://evil.example)",
    "https://evil.example/x",
    "<https://evil.example>",
    "<@123456789012345678> <#123456789012345678> <@&123456789012345678>",
    "<t:1795342500:R> <:a:123456789012345678> </a:123456789012345678> <id:guide>",
    "@everyone @here",
    "a\n# b\n> c",
    "\\*a\\*",
    "¯\\_(ツ)_/¯",
  ])("shows %j as typed", (typed) => {
    const { description = "" } = embedOf({ body: [p(typed)] });

    expect(readMarkdown(description)).toEqual({ nodes: [], shown: typed });
  });
});

describe("native embeds in Discord", () => {
  it("take the place of title, body and fields, with the footer below them", () => {
    const body = discordBody({ ...UPGRADE, native: [{ title: native("Hi") }] }, "full");

    expect(body["embeds"]).toEqual([
      { title: "Hi", footer: { text: "Billing • changed by Dana Smith" } },
    ]);
    expect(body["components"]).toHaveLength(1);
  });

  it("keep their own footer, and its icon, when something is cut", () => {
    const own = { text: native("Own"), icon_url: native("https://example.com/i.png") };

    const body = discordBody(
      message({ native: [{ title: native(["x".repeat(300)]), footer: own }] }),
      "full",
    );

    expect(body["embeds"]).toEqual([
      {
        title: `${"x".repeat(255)}…`,
        footer: { text: "Own • Shortened to fit Discord.", icon_url: "https://example.com/i.png" },
      },
    ]);
  });

  it("read numbers and times that a template wrote as text, and leave out what is none", () => {
    const embeds = [
      { title: native("A"), color: native("#2ECC71"), timestamp: native("2026-11-22T10:15:00Z") },
      {
        title: native("B"),
        color: native("green"),
        timestamp: native("soon"),
        url: native(["javascript:x"]),
      },
      { image: { url: native(["no address"]) } },
    ];

    const body = discordBody(message({ native: embeds }), "full");

    expect(body["embeds"]).toEqual([
      { title: "A", color: 0x2ecc71, timestamp: "2026-11-22T10:15:00.000Z" },
      { title: "B" },
    ]);
  });
});

/** The markup of our own that a hostile name may stand in. */
const ALLOWED: { readonly [form in DeliveryForm]: readonly string[] } = {
  full: ["blockQuote"],
  plain: ["blockQuote", "strong", "autolink", "url"],
};

interface Embed {
  readonly title?: string;
  readonly description?: string;
  readonly color?: number;
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  readonly footer?: { readonly text: string };
  readonly author?: { readonly name: string; readonly icon_url?: string };
}

function p(value: string) {
  return paragraph(...text(value));
}

function embedOf(given: Partial<Message>): Embed {
  const [embed] = discordBody(message(given), "full")["embeds"] as unknown as Embed[];
  return embed ?? {};
}

/** Every text of a body that Discord reads as Markdown. */
function markdownIn(value: unknown): { key: string; value: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    typeof child === "string" && ["content", "title", "description", "name", "value"].includes(key)
      ? [{ key, value: child }]
      : markdownIn(child),
  );
}

function fixture(name: string): unknown {
  const file = new URL(`../../fixtures/discord/${name}`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDiscord, hasOpenApi } from "../checkers/discord.ts";
import { readMarkdown } from "../checkers/discord-markup.ts";
import { readMrkdwn } from "../checkers/slack-markup.ts";
import { checkSlack } from "../checkers/slack.ts";
import type { Block, Field, Inline, Message } from "../../src/core/message.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { DeliveryForm } from "../../src/core/delivery.ts";
import { discordBody } from "../../src/destinations/discord/message.ts";
import { slackBody } from "../../src/destinations/slack/message.ts";
import {
  everywhere,
  HOSTILE,
  message,
  nativeDiscord,
  nativeSlack,
  paragraph,
  text,
} from "./messages.ts";

/** Every kind of destination: what it makes of a message, what the checkers say of that, how it names a cut. */
const KINDS = [
  {
    kind: "slack bot",
    check: (given: Message, form: DeliveryForm) =>
      checkSlack(slackBody(given, form, "C024BE91L"), "bot"),
    compose: (given: Message, form: DeliveryForm) => slackBody(given, form, "C024BE91L"),
    read: (body: JsonObject) => readMrkdwn(body["text"] as string, true).shown,
    note: "Shortened to fit Slack.",
    native: nativeSlack,
  },
  {
    kind: "slack webhook",
    check: (given: Message, form: DeliveryForm) =>
      checkSlack(slackBody(given, form, null), "webhook"),
    compose: (given: Message, form: DeliveryForm) => slackBody(given, form, null),
    read: (body: JsonObject) => readMrkdwn(body["text"] as string, true).shown,
    note: "Shortened to fit Slack.",
    native: nativeSlack,
  },
  {
    kind: "discord bot",
    check: (given: Message, form: DeliveryForm) =>
      checkDiscord({ ...discordBody(given, form), nonce: "a", enforce_nonce: true }, "bot"),
    compose: discordBody,
    read: (body: JsonObject) => readMarkdown(body["content"] as string).shown.split("\n")[0] ?? "",
    note: "Shortened to fit Discord.",
    native: nativeDiscord,
  },
  {
    kind: "discord webhook",
    check: (given: Message, form: DeliveryForm) =>
      checkDiscord(discordBody(given, form), "webhook"),
    compose: discordBody,
    read: (body: JsonObject) => readMarkdown(body["content"] as string).shown.split("\n")[0] ?? "",
    note: "Shortened to fit Discord.",
    native: nativeDiscord,
  },
] as const;

const FORMS = ["full", "plain"] as const;

/** Ten times the longest limit of either platform. */
const ENDLESS = `${HOSTILE} 👩‍👩‍👧‍👦&`.repeat(1_500).slice(0, 41_000);

describe.each(KINDS)(
  "the requests of a $kind destination",
  ({ check, compose, read, note, native }) => {
    it.each(FORMS)("pass the checkers with nothing in the message (%s)", (form) => {
      expect(check(message(), form)).toEqual([]);
    });

    it.each(FORMS)("pass the checkers with a hostile name everywhere (%s)", (form) => {
      const given = everywhere(HOSTILE);

      expect(check(given, form)).toEqual([]);
      expect(check({ ...given, native: native(HOSTILE) }, form)).toEqual([]);
    });

    it.each(FORMS)(
      "pass the checkers with every text at ten times its limit, and say so (%s)",
      (form) => {
        const many = everywhere(ENDLESS, {
          link: `https://example.com/${"x".repeat(30_000)}`,
          fields: Array.from({ length: 60 }, () => ({
            label: text(ENDLESS),
            value: text(ENDLESS),
          })),
          buttons: Array.from({ length: 60 }, (_, index) => ({
            label: text(ENDLESS),
            url: `https://example.com/${index}`,
          })),
        });

        for (const given of [many, { ...many, native: Array(100).fill(native(ENDLESS)).flat() }]) {
          expect(check(given, form)).toEqual([]);
          expect(JSON.stringify(compose(given, form))).toContain(note);
        }
      },
    );

    it("are cut between characters, and never inside an escape", () => {
      const typed = "👩‍👩‍👧‍👦<&*:x:_".repeat(400);
      const starts = new Set(
        [...new Intl.Segmenter("en").segment(typed)].map(({ index }) => index),
      );

      for (const extra of ["", "1", "22", "333", "4444", "55555"]) {
        const shown = read(compose(message({ summary: text(extra + typed) }), "full"));

        expect(shown.endsWith("…")).toBe(true);
        expect((extra + typed).startsWith(shown.slice(0, -1))).toBe(true);
        expect(starts).toContain(shown.length - 1 - extra.length);
      }
    });

    it("pass the checkers for markup that cannot be cut at a text", () => {
      const breaks: Inline[] = Array.from({ length: 9_000 }, () => ({ type: "break" }));
      const links: Inline[] = Array.from({ length: 90 }, (_, index) => ({
        type: "link",
        url: `https://example.com/${"y".repeat(900)}${index}`,
        children: text("go"),
      }));
      const items = Array.from({ length: 5_000 }, () => [paragraph()]);
      const list: Block = { type: "list", ordered: true, start: 1, items };

      for (const body of [[paragraph(...breaks, ...text("x"))], [paragraph(...links)], [list]])
        expect(check(message({ body, title: links, summary: breaks }), "full")).toEqual([]);
    });

    it("pass the checkers for any message", () => {
      fc.assert(
        fc.property(
          anyMessage,
          fc.option(anyText),
          fc.constantFrom(...FORMS),
          (given, value, form) => {
            const own = value === null ? null : native(value);

            expect(check({ ...given, native: own }, form)).toEqual([]);
          },
        ),
        { numRuns: 150 },
      );
    });
  },
);

describe("the checkers", () => {
  it("find fault with what is too long, empty or unknown", () => {
    const header = { type: "header", text: { type: "mrkdwn", text: "x".repeat(151) } };

    const slack = checkSlack({ channel: "C1", text: "", nope: 1, blocks: [header] }, "bot");
    const discord = checkDiscord(
      { content: "x", nonce: "a", embeds: [{ title: LONG }] },
      "webhook",
    );

    expect(slack.join()).toMatch(/nope.*plain_text.*empty.*150.*not verbatim/s);
    expect(discord.join()).toMatch(/nonce.*mentions are allowed.*embeds\/0/s);
  });

  it("ask Discord's OpenAPI document exactly when DISCORD_OPENAPI names it", () => {
    const problems = checkDiscord({ content: "x", embeds: [{ title: LONG }] }, "bot");

    expect(problems.some((problem) => problem.endsWith("(OpenAPI)"))).toBe(hasOpenApi());
  });
});

const LONG = "x".repeat(300);

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    HOSTILE,
    "",
    " ",
    "\n",
    "`",
    "```",
    "> x",
    "# x",
    "- x",
    "https://evil.example",
    "@here",
  ),
  fc.string({ maxLength: 20 }).map((part) => part.repeat(400)),
);

const anyUrl = fc.oneof(
  fc.webUrl(),
  fc.constantFrom(
    "javascript:alert(1)",
    "not an address",
    "mailto:a@example.com",
    "https://a.example/|<>) ?q=\\^",
  ),
  anyText,
);

const { inlines: anyInlines } = fc.letrec<{ inline: Inline; inlines: Inline[] }>((tie) => ({
  inline: fc.oneof(
    { depthSize: "small" },
    fc.record({ type: fc.constant("text" as const), value: anyText }),
    fc.record({ type: fc.constant("code" as const), value: anyText }),
    fc.record({ type: fc.constant("break" as const) }),
    fc.record({
      type: fc.constant("time" as const),
      time: fc.constantFrom("2026-11-22T10:15:00Z", "no time", "1 Jan 2020 (<!here>)"),
      style: fc.constantFrom("date" as const, "datetime" as const, "relative" as const),
      fallback: anyText,
    }),
    fc.record({
      type: fc.constantFrom("strong" as const, "emphasis" as const, "strike" as const),
      children: tie("inlines"),
    }),
    fc.record({ type: fc.constant("link" as const), url: anyUrl, children: tie("inlines") }),
  ),
  inlines: fc.array(tie("inline"), { maxLength: 4 }),
}));

const { blocks: anyBlocks } = fc.letrec<{ block: Block; blocks: Block[] }>((tie) => ({
  block: fc.oneof(
    { depthSize: "small" },
    fc.record({ type: fc.constant("paragraph" as const), children: anyInlines }),
    fc.record({
      type: fc.constant("heading" as const),
      depth: fc.integer({ min: 1, max: 6 }),
      children: anyInlines,
    }),
    fc.record({ type: fc.constant("code" as const), value: anyText }),
    fc.record({ type: fc.constant("rule" as const) }),
    fc.record({ type: fc.constant("quote" as const), children: tie("blocks") }),
    fc.record({
      type: fc.constant("list" as const),
      ordered: fc.boolean(),
      start: fc.nat({ max: 9 }),
      items: fc.array(tie("blocks"), { maxLength: 3 }),
    }),
  ),
  blocks: fc.array(tie("block"), { maxLength: 4 }),
}));

const anyField: fc.Arbitrary<Field> = fc.record({ label: anyInlines, value: anyInlines });

const anyMessage: fc.Arbitrary<Message> = fc.record({
  summary: anyInlines,
  title: anyInlines,
  link: fc.option(anyUrl),
  tone: fc.constantFrom("good", "info", "warning", "bad"),
  body: anyBlocks,
  fields: fc.array(anyField, { maxLength: 30 }),
  buttons: fc.array(fc.record({ label: anyInlines, url: anyUrl }), { maxLength: 30 }),
  footer: anyInlines,
  time: fc.option(fc.constantFrom("2026-11-22T10:15:00.123456Z", "no time")),
  native: fc.constant(null),
});

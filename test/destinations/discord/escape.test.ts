import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeMarkdown } from "../../../src/destinations/discord/escape.ts";
import { readMarkdown } from "../../checkers/discord-markup.ts";

describe("text on Discord", () => {
  it.each([
    "Ada Lindqvist: Upgraded from Pro to Scale ($49.00 → $199.00 per month).",
    "Set to end on 3 December 2026, at 10:15 UTC - sooner (or later) + more!",
    "Order #1042",
  ])("stays readable in push notifications, which show backslashes: %s", (text) => {
    expect(escapeMarkdown(text)).toBe(text);
  });

  it.each([
    ["- item", "\\- item"],
    ["  # heading", "  \\# heading"],
    ["-# small print", "\\-# small print"],
    ["1. first", "1\\. first"],
    ["1.everyone", "1\\.everyone"],
    ["https://evil.example", "https\\://evil\\.example"],
    ["discord.gg/abc", "discord\\.gg/abc"],
    [":smile:", "\\:smile\\:"],
    ["<@123> <#1> <:x:1>", "\\<\\@123\\> \\<#1\\> \\<\\:x:1\\>"],
    ["@everyone", "\\@\u200beveryone"],
    ["> quote", "\\> quote"],
    [
      "**b** __u__ ~~s~~ ||x|| `c`",
      "\\*\\*b\\*\\* \\_\\_u\\_\\_ \\~\\~s\\~\\~ \\|\\|x\\|\\| \\`c\\`",
    ],
    ["[x](http://y.z)", "\\[x\\](http\\://y\\.z)"],
    ["back\\slash", "back\\\\slash"],
  ])("is inert: %s", (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
    expect(readMarkdown(escaped)).toEqual({ nodes: [], shown: text });
  });

  it("shows as typed whatever it holds, by a parser that nobody here wrote", () => {
    const piece = fc.constantFrom(
      ...Array.from("*_~`|<>[]()@#-+.:!\\/ \n1a"),
      "http",
      "://",
      "everyone",
      "<t:1:R>",
      "<@1>",
      "||",
      "**",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("").trim();
        const read = readMarkdown(escapeMarkdown(text));

        expect(read.nodes).toEqual([]);
        expect(read.shown.replaceAll(/\s+/g, " ")).toBe(text.replaceAll(/\s+/g, " "));
      }),
      { numRuns: 20_000 },
    );
  });
});

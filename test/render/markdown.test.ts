import { expect, test } from "vitest";
import { toBlocks, toInlines } from "../../src/render/markdown.ts";

const text = (value: string) => ({ type: "text", value }) as const;
const paragraph = (...children: readonly unknown[]) => ({ type: "paragraph", children });
const author = (markdown: string) => ({ text: markdown, values: [] });

test.each([
  ["a line's end is a break", "One\nTwo", [paragraph(text("One"), { type: "break" }, text("Two"))]],
  [
    "an empty line ends a paragraph",
    "One\n\nTwo",
    [paragraph(text("One")), paragraph(text("Two"))],
  ],
  [
    "formatting nests",
    "**a *b* ~~c~~** `d`",
    [
      paragraph(
        {
          type: "strong",
          children: [
            text("a "),
            { type: "emphasis", children: [text("b")] },
            text(" "),
            { type: "strike", children: [text("c")] },
          ],
        },
        text(" "),
        { type: "code", value: "d" },
      ),
    ],
  ],
  [
    "a heading keeps its depth",
    "### Head",
    [{ type: "heading", depth: 3, children: [text("Head")] }],
  ],
  [
    "a list holds blocks",
    "3. One\n4. Two\n   > Three",
    [
      {
        type: "list",
        ordered: true,
        start: 3,
        items: [
          [paragraph(text("One"))],
          [paragraph(text("Two")), { type: "quote", children: [paragraph(text("Three"))] }],
        ],
      },
    ],
  ],
  ["fenced code is taken as it is", "```js\na **b**\n```", [{ type: "code", value: "a **b**" }]],
  ["three dashes are a rule", "One\n\n---", [paragraph(text("One")), { type: "rule" }]],
  ["HTML is text", "<b>x</b>", [paragraph(text("<b>x</b>"))]],
  [
    "indentation makes no code",
    "    - One",
    [{ type: "list", ordered: false, start: 1, items: [[paragraph(text("One"))]] }],
  ],
  ["an address by itself is text", "https://app.example", [paragraph(text("https://app.example"))]],
  [
    "an address in angle brackets is a link",
    "<https://app.example/>",
    [
      paragraph({
        type: "link",
        url: "https://app.example/",
        children: [text("https://app.example/")],
      }),
    ],
  ],
  [
    "an image is a link to it",
    "![chart](https://app.example/c.png)",
    [paragraph({ type: "link", url: "https://app.example/c.png", children: [text("chart")] })],
  ],
  ["a link to another protocol is its text", "[x](javascript:alert)", [paragraph(text("x"))]],
  [
    "a definition is text",
    "[x]: https://app.example",
    [paragraph(text("[x]: https://app.example"))],
  ],
])("%s", (_name, markdown, expected) => {
  expect(toBlocks(author(markdown))).toEqual(expected);
});

test("a line of text is no list, heading or quote", () => {
  const lines = ["#4 of 5", "# x", "- 3", "1. x", "> x", "---", "```"].map((line) =>
    toInlines(author(line), "folded"),
  );

  expect(lines).toEqual(
    ["#4 of 5", "# x", "- 3", "1. x", "> x", "---", "```"].map((line) => [text(line)]),
  );
});

test("a line's end in a line of text is a space, and an explicit break may be kept", () => {
  const markdown = author("One\n two\\\nthree");

  expect(toInlines(markdown, "folded")).toEqual([text("One"), text(" two"), text(" three")]);
  expect(toInlines(markdown, "kept")).toEqual([
    text("One"),
    text(" two"),
    { type: "break" },
    text("three"),
  ]);
});

test("an absent value leaves no empty formatting, line, item or quote", () => {
  const gone = "\uFDD00\uFDD1";
  const markdown = `One **${gone}** [${gone}](https://app.example) two\n${gone}\n${gone}\n\n- ${gone}\n\n> ${gone}\n\n# ${gone}\n\n\`\`\`\n${gone}\n\`\`\`\n`;

  const blocks = toBlocks({ text: markdown, values: [[]] });

  expect(blocks).toEqual([paragraph(text("One"), text(" two"))]);
});

test("a link inside of a link is its text", () => {
  const inner = { type: "link", url: "https://inner.example/", children: [text("inner")] } as const;

  const blocks = toBlocks({ text: "[a \uFDD00\uFDD1](https://outer.example/)", values: [[inner]] });

  expect(blocks).toEqual([
    paragraph({
      type: "link",
      url: "https://outer.example/",
      children: [text("a "), text("inner")],
    }),
  ]);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Block, Inline, Message, NativeValue } from "../../src/core/message.ts";
import { NativeText, plainText } from "../../src/core/message.ts";
import { ada, factsFor, scale, upgrade } from "./facts.ts";
import { load, renderOne } from "./folder.ts";

const HOSTILE = "<!channel> @everyone [x](http://evil.example) **b** |";

/** A value in every position that a template has, each between the author's own markup. */
const EVERYWHERE = `---
summary: "{{customer.name}}"
title: "**{{customer.name}}**"
fields:
  - { label: "{{customer.name}}", value: "{{customer.name}}" }
buttons:
  - { label: "{{customer.name}}", url: https://app.example/ }
footer: "{{customer.name}}"
---
{{customer.name}}

# {{customer.name}}

> {{customer.name}}

- {{customer.name}}
1. *{{customer.name}}*

~~{{customer.name}}~~ __{{customer.name}}__ [{{customer.name}}](https://app.example/)

\`{{customer.name}}\`

\`\`\`
{{customer.name}}
\`\`\`

{{#with customer}}{{name}}{{/with}}
{{#each changes}}{{@root.customer.name}}{{/each}}
{{upper customer.name}}
{{default customer.name "nobody"}}
{{join changes of="subscription.name"}}
{{link "https://app.example/" customer.name}}
{{truncate customer.name 9999}}
{{> shown customer.name}}
`;

const PARTIALS = { shown: "({{this}})" };

async function everywhere(name: string): Promise<Message> {
  return renderOne(
    EVERYWHERE,
    factsFor({
      customer: { name },
      changes: [{ ...upgrade, subscription: { ...scale, name } }],
    }),
    PARTIALS,
  );
}

test("a hostile value is only text, wherever it stands", async () => {
  const message = await everywhere(HOSTILE);

  const texts = textsOf(message).filter((text) => text.toLowerCase() === HOSTILE.toLowerCase());
  expect(texts).toHaveLength(24);
  expect(
    textsOf(message)
      .filter((text) => text.includes("<"))
      .toSorted(),
  ).toEqual(texts.toSorted());
});

test("a hostile value makes no link, mention or formatting that a harmless one does not", async () => {
  const hostile = await everywhere(HOSTILE);
  const harmless = await everywhere("Ada");

  expect(shapeOf(hostile)).toEqual(shapeOf(harmless));
});

test("a hostile value stays apart from the author's markup in a native structure", async () => {
  const templates = await load({
    "one.slack.hbs": '---\nblocks:\n  - { text: "*{{customer.name}}* {{customer.name}}" }\n---\n',
  });

  const { message } = templates.render("one", factsFor({ customer: { name: HOSTILE } }), "slack");

  expect(message.native).toEqual([
    {
      text: new NativeText([
        { type: "markup", value: "*" },
        { type: "text", value: HOSTILE },
        { type: "markup", value: "* " },
        { type: "text", value: HOSTILE },
      ]),
    },
  ] satisfies NativeValue[]);
});

test("a value of several lines stays on one", async () => {
  const message = await renderOne(
    "{{customer.name}}\n",
    factsFor({ customer: { name: "Ada\r\n# Lovelace\u0000\u2028- x" } }),
  );

  expect(message.body).toEqual([
    { type: "paragraph", children: [{ type: "text", value: "Ada # Lovelace - x" }] },
  ]);
});

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."*_~`[]()<>#-+|!@\\\n\t &;{}=\uFDD0\uFDD10123".split("")) }),
);

test("whatever a value holds, the message holds it as text and has the same form", async () => {
  const templates = await load({
    "one.hbs": EVERYWHERE,
    "partials/shown.hbs": PARTIALS.shown,
  });
  const render = (name: string) =>
    templates.render("one", factsFor({ customer: { ...ada, name } }), "slack").message;
  const harmless = shapeOf(render("Ada"));

  fc.assert(
    fc.property(text, (noise) => {
      const value = `x${noise}x`;

      const message = render(value);

      expect(shapeOf(message)).toEqual(harmless);
      expect(plainText(message.summary)).toBe(folded(value));
      expect(plainText(message.title)).toBe(folded(value));
      expect(message.fields.map((field) => plainText(field.value))).toEqual([folded(value)]);
    }),
  );
});

function folded(value: string): string {
  return value
    .replaceAll(/[\uFDD0\uFDD1]/g, "")
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .toWellFormed();
}

function inlinesOf(message: Message): Inline[] {
  return [
    ...message.summary,
    ...message.title,
    ...message.fields.flatMap((field) => [...field.label, ...field.value]),
    ...message.buttons.flatMap((button) => button.label),
    ...message.footer,
  ];
}

function textsOf(message: Message): string[] {
  return [...inlinesOf(message).flatMap(inlineTexts), ...message.body.flatMap(blockTexts)];
}

function inlineTexts(inline: Inline): string[] {
  if ("children" in inline) return inline.children.flatMap(inlineTexts);
  return "value" in inline ? [inline.value] : [];
}

function blockTexts(block: Block): string[] {
  switch (block.type) {
    case "paragraph":
    case "heading":
      return block.children.flatMap(inlineTexts);
    case "quote":
      return block.children.flatMap(blockTexts);
    case "list":
      return block.items.flat().flatMap(blockTexts);
    case "code":
      return [block.value];
    case "rule":
      return [];
  }
}

/** The tree of types and addresses, without the texts. */
function shapeOf(message: Message): unknown {
  return JSON.parse(
    JSON.stringify(message, (key, value: unknown) =>
      key === "value" && typeof value === "string" ? "" : value,
    ),
  );
}

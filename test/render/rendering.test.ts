import { expect, test } from "vitest";
import type { Message } from "../../src/core/message.ts";
import { NativeText, plainText } from "../../src/core/message.ts";
import type { Given } from "./facts.ts";
import { factsFor, granted, scale, upgrade } from "./facts.ts";
import { load, renderOne } from "./folder.ts";

interface Case {
  readonly it: string;
  readonly template: string;
  readonly given?: Given;
  readonly expected: Partial<Message>;
}

const markup = (value: string) => new NativeText([{ type: "markup", value }]);
const text = (value: string) => ({ type: "text", value }) as const;
const paragraph = (...children: Message["summary"]) => ({ type: "paragraph", children }) as const;

const cases: readonly Case[] = [
  {
    it: "has its defaults where a template says nothing",
    template: "",
    expected: {
      summary: [text("Ada Lindqvist"), text(": "), text(upgrade.summary)],
      title: [text("Ada Lindqvist")],
      tone: "good",
      link: "https://vendor.example/customers/cus_1",
      time: "2026-11-21T11:03:31.207Z",
      body: [],
      fields: [],
      buttons: [],
      footer: [],
      native: null,
    },
  },
  {
    it: "says in its default summary how many more changes there are",
    template: "",
    given: { changes: [upgrade, granted("Downloads"), granted("License keys")] },
    expected: {
      summary: [
        text("Ada Lindqvist"),
        text(": "),
        text(upgrade.summary),
        text(" And 2 more changes."),
      ],
    },
  },
  {
    it: "is called after its event when there is no customer",
    template: "",
    given: { type: "order.paid", customer: null },
    expected: { title: [text("Order paid")], summary: [text(upgrade.summary)], link: null },
  },
  {
    it: "takes every leaf of the front matter",
    template: `---
summary: "{{customer.label}} did it."
title: "**{{customer.label}}**"
tone: "{{#if customer}}bad{{/if}}"
link: https://app.example/{{customer.id}}
fields:
  - { label: Plan, value: "*{{subscription.name}}*" }
buttons:
  - { label: "Open {{customer.name}}", url: "{{customer.url}}" }
footer: By {{source.label}}
time: "{{subscription.period_end}}"
---
`,
    expected: {
      summary: [text("Ada Lindqvist"), text(" did it.")],
      title: [{ type: "strong", children: [text("Ada Lindqvist")] }],
      tone: "bad",
      link: "https://app.example/cus_1",
      fields: [{ label: [text("Plan")], value: [{ type: "emphasis", children: [text("Scale")] }] }],
      buttons: [
        {
          label: [text("Open "), text("Ada Lindqvist")],
          url: "https://vendor.example/customers/cus_1",
        },
      ],
      footer: [text("By "), text("Polar")],
      time: "2026-12-03T10:24:10.000Z",
    },
  },
  {
    it: "leaves out fields and buttons that render to nothing",
    template: `---
fields:
  - { label: Discount, value: "{{subscription.discount_id}}" }
  - { label: "{{benefit.name}}", value: there }
  - { label: Plan, value: "{{subscription.name}}" }
buttons:
  - { label: Open, url: "{{data.url}}" }
  - { label: "{{benefit.name}}", url: https://app.example/ }
---
`,
    expected: { fields: [{ label: [text("Plan")], value: [text("Scale")] }], buttons: [] },
  },
  {
    it: "keeps the strongest tone of the changes where its own is none",
    template: '---\ntone: "{{customer.name}}"\n---\n',
    expected: { tone: "good" },
  },
  {
    it: "has its default summary where its own renders to nothing",
    template: '---\nsummary: "{{benefit.name}}"\n---\n',
    expected: { summary: [text("Ada Lindqvist"), text(": "), text(upgrade.summary)] },
  },
  {
    it: "has no title, link, footer or time where the template wants none",
    template: '---\ntitle: ""\nlink: ""\nfooter: ""\ntime: ""\n---\n',
    expected: { title: [], link: null, footer: [], time: null },
  },
  {
    it: "links only to http, https and mailto",
    template:
      '---\nlink: "{{data.url}}"\n---\n[here]({{data.url}}) [there](mailto:{{customer.email}})\n',
    given: { payload: { url: "javascript:alert(1)" } },
    expected: {
      link: null,
      body: [
        paragraph(text("here "), {
          type: "link",
          url: "mailto:ada@northwind.example",
          children: [text("there")],
        }),
      ],
    },
  },
  {
    it: "does not link where a value leads to another folder, or into another host",
    template:
      "[a](https://app.example/of/{{data.up}}/x) [b](https://app.example/of/.{{data.here}}) [c](https://app.example{{data.host}}/x) [d](https://{{data.host}}) [e](https://app.example/of/%2e{{data.here}})\n",
    given: { payload: { up: "..", here: ".", host: ".evil.example" } },
    expected: { body: [paragraph(text("a"), text(" b"), text(" c"), text(" d"), text(" e"))] },
  },
  {
    it: "links where a value is part of a host that the author ends, or dots lead nowhere",
    template: "[a](https://{{data.id}}.app.example/of/{{data.up}}x?{{data.up}})\n",
    given: { payload: { id: "acme", up: ".." } },
    expected: {
      body: [
        paragraph({
          type: "link",
          url: "https://acme.app.example/of/..x?..",
          children: [text("a")],
        }),
      ],
    },
  },
  {
    it: "keeps a value behind the beginning of an address one part of it",
    template: "[it](https://app.example/of/{{data.id}}?x=1)\n",
    given: { payload: { id: "../a?b&c#d" } },
    expected: {
      body: [
        paragraph({
          type: "link",
          url: "https://app.example/of/..%2Fa%3Fb%26c%23d?x=1",
          children: [text("it")],
        }),
      ],
    },
  },
  {
    it: "shows numbers and truth as text, lists and objects as JSON, and nothing for nothing",
    template:
      "a{{data.n}} b{{data.t}} c{{data.f}} d{{data.o}} e{{data.l}} f{{data.z}} g{{data.no.where}}h\n",
    given: { payload: { n: 1.5, t: true, f: false, o: { a: [1] }, l: [1, "x"], z: null } },
    expected: {
      body: [
        paragraph(
          ...["a", "1.5", " b", "true", " c", "false", " d", '{"a":[1]}', " e", '[1,"x"]'].map(
            text,
          ),
          text(" f"),
          text(" g"),
          text("h"),
        ),
      ],
    },
  },
  {
    it: "goes through lists, with what else Handlebars knows there",
    template:
      "{{#each changes as |one index|}}\n{{@index}}/{{index}} {{one.summary}} {{@root.event}} {{../tone}}{{#if @last}}!{{/if}}\n{{else}}\nnone\n{{/each}}\n",
    expected: {
      body: [
        paragraph(
          ...["0", "/", "0", " ", upgrade.summary, " ", "customer.state_changed"].map(text),
          text(" "),
          text("good"),
          text("!"),
        ),
      ],
    },
  },
];

test.each(cases)("a message $it", async ({ template, given, expected }) => {
  const message = await renderOne(template, factsFor(given));

  expect(message).toMatchObject(expected);
});

test("partials take a context, values of their own, and a block", async () => {
  const partials = {
    price: "{{money amount currency}} for {{what}}",
    frame: "> {{> @partial-block}}",
  };
  const template =
    '{{#> frame}}{{> price subscription what="a month"}} of {{customer.name}}{{/frame}}\n';

  const message = await renderOne(template, factsFor(), partials);

  expect(message.body).toEqual([
    {
      type: "quote",
      children: [
        paragraph(
          text("$199.00"),
          text(" for "),
          text("a month"),
          text(" of "),
          text("Ada Lindqvist"),
        ),
      ],
    },
  ]);
});

test("a native structure keeps the author's markup apart from the values", async () => {
  const templates = await load({
    "one.slack.hbs": `---
blocks:
  - type: section
    expand: true
    text:
      type: mrkdwn
      text: "*{{customer.label}}* until {{date subscription.period_end}}"
    weights: [1, 2.5, null]
---
`,
  });

  const { message } = templates.render("one", factsFor(), "slack");

  expect(message.native).toEqual([
    {
      type: markup("section"),
      expand: true,
      text: {
        type: markup("mrkdwn"),
        text: new NativeText([
          { type: "markup", value: "*" },
          { type: "text", value: "Ada Lindqvist" },
          { type: "markup", value: "* until " },
          {
            type: "time",
            time: "2026-12-03T10:24:10.000Z",
            style: "date",
            fallback: "3 December 2026",
          },
        ]),
      },
      weights: [1, 2.5, null],
    },
  ]);
});

test("a value is let in as Markdown where the front matter says raw", async () => {
  const facts = factsFor({ customer: { name: "**Ada** \uFDD00\uFDD1" } });

  const message = await renderOne("---\nraw: true\n---\n{{event}} {{{customer.name}}}\n", facts);

  expect(message.body).toEqual([
    paragraph(
      text("customer.state_changed"),
      text(" "),
      { type: "strong", children: [text("Ada")] },
      text(" 0"),
    ),
  ]);
});

test("the own properties of a payload are seen, and no prototype's", async () => {
  const payload = JSON.parse('{"a": {"constructor": "own", "__proto__": {"x": "polluted"}}}');

  const message = await renderOne(
    "{{data.a.constructor}}|{{data.constructor.name}}|{{data.a.toString}}|{{data.a.x}}|\n",
    factsFor({ payload }),
  );

  expect(
    plainText(message.body.flatMap((block) => (block.type === "paragraph" ? block.children : []))),
  ).toBe("own||||");
});

test("an absent subscription leaves its part of the message out", async () => {
  const template = `---
fields:
  - { label: Plan, value: "**{{subscription.name}}**" }
---
{{#with subscription}}{{name}}{{/with}}
- {{subscription.name}}
`;
  const facts = factsFor({ changes: [granted("Downloads")] });

  const message = await renderOne(template, facts);

  expect(message.fields).toEqual([]);
  expect(message.body).toEqual([]);
});

test("what a template shows of a subscription is that of the first change that has one", async () => {
  const facts = factsFor({ changes: [granted("Downloads"), { ...upgrade, subscription: scale }] });

  const message = await renderOne("{{subscription.name}}\n", facts);

  expect(message.body).toEqual([paragraph(text("Scale"))]);
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { plainText } from "../../src/core/message.ts";
import type { Rendered, Templates } from "../../src/render/rendered.ts";
import { loadTemplates } from "../../src/render/templates.ts";
import { added, factsFor, upgrade } from "./facts.ts";
import { SHIPPED, folderOf, load } from "./folder.ts";

/** A template whose title tells it apart. */
const titled = (title: string) => `---\ntitle: ${title}\n---\n`;

function titleOf({ message }: Rendered): string {
  return plainText(message.title);
}

const text = (value: string) => ({ type: "text", value }) as const;

const BUILT_IN = {
  summary: [text("Ada Lindqvist"), text(": "), text(upgrade.summary), text(" And 1 more change.")],
  title: [text("Ada Lindqvist")],
  link: "https://vendor.example/customers/cus_1",
  tone: "good",
  body: [
    {
      type: "list",
      ordered: false,
      start: 1,
      items: [
        [{ type: "paragraph", children: [text(upgrade.summary)] }],
        [
          {
            type: "paragraph",
            children: [text("Added to the group Enterprise by Dana Smith.")],
          },
        ],
      ],
    },
  ],
  fields: [],
  buttons: [],
  footer: [text("Polar")],
  time: "2026-11-21T11:03:31.207Z",
  native: null,
};

describe("the template of an event", () => {
  const facts = factsFor({ type: "order.paid" });
  const all = {
    "wanted.hbs": titled("wanted"),
    "billing.order.paid.hbs": titled("by name"),
    "polar.order.paid.hbs": titled("by type"),
    "default.hbs": titled("default"),
  };

  test.each([
    ["is the one that the route wants", "wanted", Object.keys(all), "wanted"],
    ["is else that of the source's name", null, Object.keys(all), "billing.order.paid"],
    [
      "is else that of the source's type",
      null,
      ["polar.order.paid.hbs", "default.hbs"],
      "polar.order.paid",
    ],
    ["is else the default", null, ["wanted.hbs", "default.hbs"], "default"],
    ["is the next when the wanted one does not exist", "gone", ["default.hbs"], "default"],
  ])("%s", async (_name, wanted, present, expected) => {
    const files = Object.fromEntries(
      Object.entries(all).filter(([name]) => present.includes(name)),
    );
    const templates = await load(files);

    const rendered = templates.render(wanted, facts, "slack");

    expect(rendered.template).toBe(expected);
    expect(rendered.failure).toBeUndefined();
  });

  test("is the platform's own variant where there is one", async () => {
    const templates = await load({
      "wanted.hbs": titled("shared"),
      "wanted.slack.hbs": titled("for Slack"),
    });

    expect(titleOf(templates.render("wanted", facts, "slack"))).toBe("for Slack");
    expect(titleOf(templates.render("wanted", facts, "discord"))).toBe("shared");
  });

  test("is the next in the chain where only the other platform has a variant", async () => {
    const templates = await load({
      "wanted.slack.hbs": titled("for Slack"),
      "default.hbs": titled("default"),
    });

    expect(titleOf(templates.render("wanted", facts, "discord"))).toBe("default");
  });

  test("may have dots in its name", async () => {
    const templates = await load({ "a.slack.b.discord.hbs": titled("dotted") });

    expect(templates.names).toEqual(["a.slack.b"]);
    expect(titleOf(templates.render("a.slack.b", facts, "discord"))).toBe("dotted");
  });
});

describe("the user's own folder", () => {
  const facts = factsFor();
  const title = (templates: Templates, platform: "slack" | "discord") =>
    titleOf(templates.render("one", facts, platform));

  test("comes before the one that ships", async () => {
    const templates = await load(
      { "one.hbs": titled("own") },
      { "one.hbs": titled("shipped"), "two.hbs": titled("shipped two") },
    );

    expect(title(templates, "slack")).toBe("own");
    expect(titleOf(templates.render("two", facts, "slack"))).toBe("shipped two");
    expect(templates.names).toEqual(["one", "two"]);
  });

  test("hides shipped variants of a name that it has for both platforms", async () => {
    const templates = await load(
      { "one.hbs": titled("own") },
      { "one.hbs": titled("shipped"), "one.slack.hbs": titled("shipped for Slack") },
    );

    expect(title(templates, "slack")).toBe("own");
  });

  test("may have a variant alone", async () => {
    const templates = await load(
      { "one.slack.hbs": titled("own for Slack") },
      { "one.hbs": titled("shipped"), "one.slack.hbs": titled("shipped for Slack") },
    );

    expect(title(templates, "slack")).toBe("own for Slack");
    expect(title(templates, "discord")).toBe("shipped");
  });

  test("may replace a partial of the templates that ship", async () => {
    const templates = await load(
      { "partials/name.hbs": "own" },
      { "one.hbs": '---\ntitle: "{{> name}}"\n---\n', "partials/name.hbs": "shipped" },
    );

    expect(title(templates, "slack")).toBe("own");
  });

  test("need not exist", async () => {
    const own = join(await folderOf({}), "templates");

    const templates = await loadTemplates({ own, shipped: SHIPPED });

    expect(templates.names).toEqual(["customer-state", "default", "group-membership"]);
  });

  test("may hold other files", async () => {
    const templates = await load({ "README.md": "{{", "one.hbs": "", "partials/notes.txt": "{{" });

    expect(templates.names).toEqual(["one"]);
    expect(templates.problems).toEqual([]);
  });
});

describe("a file", () => {
  test("may have Windows line ends and a byte order mark", async () => {
    const templates = await load({
      "one.hbs": "\uFEFF---\r\ntitle: Windows\r\n---\r\nOne\r\nTwo {{custmer}}\r\n",
    });

    const rendered = templates.render("one", factsFor(), "slack");

    expect(titleOf(rendered)).toBe("Windows");
    expect(templates.problems).toMatchObject([{ line: 5, column: 7 }]);
  });

  test("must be UTF-8", async () => {
    const templates = await load({ "one.hbs": new Uint8Array([0xff, 0xfe, 0x41]) });

    expect(templates.problems).toMatchObject([
      { line: 1, column: 1, message: "This file is not UTF-8. Save it as UTF-8." },
    ]);
  });

  test("may be empty", async () => {
    const templates = await load({ "one.hbs": "" });

    const { message, failure } = templates.render("one", factsFor(), "discord");

    expect(failure).toBeUndefined();
    expect(message.body).toEqual([]);
  });
});

describe("the fingerprint", () => {
  const files = { "one.hbs": "One", "partials/two.hbs": "Two" };

  test("is the same for the same texts", async () => {
    expect((await load(files)).fingerprint).toBe((await load(files)).fingerprint);
  });

  test.each([
    ["a template", { ...files, "one.hbs": "Other" }],
    ["a partial", { ...files, "partials/two.hbs": "Other" }],
    ["a name", { "other.hbs": "One", "partials/two.hbs": "Two" }],
  ])("changes with %s", async (_name, changed) => {
    expect((await load(changed)).fingerprint).not.toBe((await load(files)).fingerprint);
  });
});

describe("a template that fails", () => {
  const facts = factsFor({ changes: [upgrade, added("Enterprise")] });

  test.each([
    ["calls itself without end", "{{> one}}", "one.hbs"],
    ["calls another that calls it", "{{> two}}", "partials/t"],
    ["cannot be compiled", "{{#if customer}}", "one.hbs:1"],
    ["uses what does not exist", "Hello\n{{nothing customer}}", "one.hbs:2:1"],
    ["uses a helper as a block", "{{#upper event}}{{/upper}}", "one.hbs:1:1"],
    ["lets a value in unasked", "{{{event}}}", "one.hbs:1:1"],
  ])("is replaced by the built-in rendering when it %s", async (_name, template, place) => {
    const templates = await load({
      "one.hbs": template,
      "partials/one.hbs": "{{> one}}{{> one}}",
      "partials/two.hbs": "{{#each changes}}{{> three}}{{/each}}",
      "partials/three.hbs": "{{#with @root}}{{> two}}{{/with}}",
    });

    const rendered = templates.render("one", facts, "slack");

    expect(rendered.template).toBe("built-in");
    expect(rendered.failure).toMatchObject({
      code: "template-failed",
      place: expect.stringContaining(place) as string,
    });
    expect(rendered.message).toEqual(BUILT_IN);
  });

  test("says in which text of the front matter it failed", async () => {
    const templates = await load({
      "one.hbs": '---\ntitle: One\nfooter: "a {{nothing customer}}"\n---\n',
    });

    const { failure } = templates.render("one", facts, "slack");

    expect(failure?.place).toMatch(/one\.hbs:3:12$/);
  });

  test("is not needed for the built-in rendering", async () => {
    const templates = await load({});

    const rendered = templates.render("gone", facts, "slack");

    expect(rendered.message).toEqual(BUILT_IN);
    expect(rendered.failure?.message).toBe('There is no template called "default".');
  });
});

import { afterEach, describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/json.ts";
import { checkDiscord } from "../checkers/discord.ts";
import { readMarkdown } from "../checkers/discord-markup.ts";
import { checkSlack } from "../checkers/slack.ts";
import { readMrkdwn, readPlainText } from "../checkers/slack-markup.ts";
import { EVERYWHERE, exchanged, type House, openHouse, PARTIES } from "./house.ts";

const HOSTILE = "<!channel> @everyone [x](http://evil.example) **b** |";
/** What stands around the name in the templates below, and may be markup of their own. */
const TEMPLATE = `---
title: "{{customer.label}}"
summary: "{{customer.label}} {{group.name}}"
fields: [{ label: "{{customer.label}}", value: "{{group.name}}" }]
footer: "{{customer.label}}"
---
{{customer.label}}

- {{group.name}}
- **{{customer.label}}**
`;
const NATIVE_SLACK = `---
summary: "{{customer.label}}"
blocks:
  - type: header
    text: { type: plain_text, text: "{{customer.label}}" }
  - type: section
    text: { type: mrkdwn, text: "{{customer.label}}" }
  - type: context
    elements: [{ type: mrkdwn, text: "{{group.name}}" }]
---
`;
const NATIVE_DISCORD = `---
summary: "{{customer.label}}"
embeds:
  - title: "{{customer.label}}"
    description: "{{group.name}}"
    fields: [{ name: "{{group.name}}", value: "{{customer.label}}" }]
    footer: { text: "{{customer.label}}" }
    author: { name: "{{customer.label}}" }
---
`;

describe(`a customer and a group named ${HOSTILE}`, () => {
  let house: House;
  afterEach(async () => {
    await house.close();
  });

  it.each([
    ["the shipped templates", {}],
    ["a template of one's own", { "default.hbs": TEMPLATE }],
    [
      "native blocks and embeds",
      {
        "default.hbs": TEMPLATE,
        "default.slack.hbs": NATIVE_SLACK,
        "default.discord.hbs": NATIVE_DISCORD,
      },
    ],
  ])("ping nobody, link nowhere and show as typed in %s", async (_, templates) => {
    house = await openHouse({ config: PARTIES + EVERYWHERE, templates });

    const body = await exchanged("plain/group-added", {
      "Peter Santos": HOSTILE,
      "Free Tier": HOSTILE,
    });
    const source = house.config.sources.find((one) => one.name === "plain");
    await house.send("plain", source?.refresh(body, new Date()) ?? body);
    await house.bridge.idle();

    const posted = house.posted();
    for (const kind of ["bot", "webhook"] as const) {
      const slack = posted[`slack-${kind}`][0]?.body ?? {};
      const discord = posted[`discord-${kind}`][0]?.body ?? {};
      expect(checkSlack(slack, kind)).toEqual([]);
      expect(checkDiscord(discord, kind)).toEqual([]);
      expect(slackTexts(slack).filter((text) => text.includes(HOSTILE)).length).toBeGreaterThan(1);
      expect(discordTexts(discord).filter((text) => text.includes(HOSTILE)).length).toBeGreaterThan(
        1,
      );
    }
    expect(house.sandbox.refused).toEqual([]);
  });
});

/** Every text of a Slack message as its reader sees it; fails on a mention, a link, a format or an emoji from data. */
function slackTexts(body: JsonObject): string[] {
  const texts: string[] = [];
  const mrkdwn = (text: string, isVerbatim: boolean) => {
    const read = readMrkdwn(text, isVerbatim);
    expect(read.tokens.filter((token) => !isOurs(token))).toEqual([]);
    // Bold is what the templates themselves use, around the whole name.
    expect(read.formats.filter((format) => !format.startsWith("*"))).toEqual([]);
    expect(read.formats.filter((format) => /^[*]+b[*]+$/.test(format))).toEqual([]);
    expect([read.emoji, read.quotes, read.automatic]).toEqual([[], [], []]);
    texts.push(read.shown);
  };
  mrkdwn(textIn(body, "text"), body["parse"] === "none" || !("channel" in body));
  walk(body["blocks"] ?? [], (object) => {
    if (object["type"] === "mrkdwn") mrkdwn(textIn(object, "text"), object["verbatim"] === true);
    if (object["type"] === "plain_text") texts.push(readPlainText(textIn(object, "text")));
  });
  return texts;
}

/** The templates themselves link the customer and show the time; nothing else may. */
function isOurs(token: string): boolean {
  return token.startsWith("https://app.plain.com/") || token.startsWith("!date^");
}

/** Every text of a Discord message as its reader sees it; fails on a mention, a link or a format from data. */
function discordTexts(body: JsonObject): string[] {
  expect(body["allowed_mentions"]).toEqual({ parse: [] });
  const texts: string[] = [];
  const markdown = (text: string) => {
    const read = readMarkdown(text);
    expect(read.nodes.filter((node) => node !== "strong" && node !== "timestamp")).toEqual([]);
    texts.push(read.shown);
  };
  markdown(textIn(body, "content"));
  walk(body["embeds"] ?? [], (object) => {
    for (const key of ["title", "description", "value"]) {
      const text = object[key];
      if (typeof text === "string") markdown(text);
    }
    if (typeof object["text"] === "string") texts.push(object["text"]);
  });
  return texts;
}

function textIn(object: JsonObject, key: string): string {
  const text = object[key];
  return typeof text === "string" ? text : "";
}

function walk(value: Json, visit: (object: JsonObject) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) visit(value as JsonObject);
  for (const inner of Object.values(value)) walk(inner as Json, visit);
}

import type { WebClient } from "@slack/web-api";
import { ErrorCode } from "@slack/web-api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startSandbox, type Sandbox } from "../../../src/sandbox/sandbox.ts";
import { rejection, SLACK_CHANNEL, slackClient } from "../clients.ts";

let sandbox: Sandbox;
let slack: WebClient;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimits: false });
  slack = await slackClient(sandbox.slackApiUrl);
});

beforeEach(() => sandbox.clear());

afterAll(() => sandbox.close());

async function refusal(args: object) {
  const error = await rejection(
    slack.apiCall("chat.postMessage", { channel: SLACK_CHANNEL, ...args }),
  );
  expect(error).toMatchObject({ code: ErrorCode.PlatformError });
  const { data } = error as { data: { error: string; errors?: string[] } };
  return { code: data.error, details: data.errors ?? [] };
}

const markup = (text: string) => ({ type: "mrkdwn", text, verbatim: true });
const label = (text: string) => ({ type: "plain_text", text });
const section = (text: string) => ({ type: "section", text: markup(text) });
const list = <T>(length: number, make: (index: number) => T) =>
  Array.from({ length }, (_, i) => make(i));
const actions = (button: object) => ({
  type: "actions",
  elements: [{ type: "button", text: label("Go"), ...button }],
});

test.each<[string, object, string]>([
  ["without text and blocks", {}, "no_text"],
  ["with an empty text", { text: "" }, "no_text"],
  ["with nothing but spaces", { text: "  \n" }, "no_text"],
  ["with an empty list of blocks", { blocks: [] }, "no_text"],
  ["without a channel", { channel: "", text: "x" }, "channel_not_found"],
  [
    "with blocks that are no list",
    { text: "x", blocks: { type: "divider" } },
    "invalid_blocks_format",
  ],
  ["with markdown and text", { text: "x", markdown_text: "y" }, "markdown_text_conflict"],
  ["with too much markdown", { markdown_text: "x".repeat(12_001) }, "msg_too_long"],
  [
    "with 101 attachments",
    { text: "x", attachments: list(101, () => ({ text: "a" })) },
    "too_many_attachments",
  ],
  ["with attachments that are no list", { attachments: "{}" }, "invalid_attachments"],
  [
    "with more block text than Slack takes",
    { text: "x", blocks: list(4, () => section("x".repeat(2_900))) },
    "msg_blocks_too_long",
  ],
  [
    "with metadata without a type",
    { text: "x", metadata: { event_payload: {} } },
    "invalid_metadata_schema",
  ],
  [
    "with null in its metadata",
    { text: "x", metadata: { event_type: "t", event_payload: { a: null } } },
    "invalid_metadata_schema",
  ],
  [
    "with deep metadata",
    { text: "x", metadata: { event_type: "t", event_payload: { a: { b: { c: 1 } } } } },
    "invalid_metadata_schema",
  ],
  ["with metadata that is no object", { text: "x", metadata: "[]" }, "invalid_metadata_format"],
])("a message %s is refused", async (_case, args, code) => {
  const found = await refusal(args);

  expect(found.code).toBe(code);
  expect(sandbox.messages).toEqual([]);
  expect(sandbox.refused).toMatchObject([{ platform: "slack", code }]);
});

describe("a message with invalid blocks is refused at its place:", () => {
  test.each<[string, object[], string[]]>([
    [
      "51 blocks",
      list(51, () => ({ type: "divider" })),
      ["no more than 50 items allowed [json-pointer:/blocks]"],
    ],
    [
      "a section over 3,000 characters",
      [section("x".repeat(3_001))],
      [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
      ],
    ],
    [
      "an empty text",
      [{ type: "divider" }, section("")],
      [
        "failed to match all allowed schemas [json-pointer:/blocks/1/text]",
        "must be more than 0 characters [json-pointer:/blocks/1/text/text]",
      ],
    ],
    [
      "a section with nothing in it",
      [{ type: "section" }],
      ["must define either `text` or `fields` [json-pointer:/blocks/0]"],
    ],
    [
      "11 fields",
      [{ type: "section", fields: list(11, () => markup("x")) }],
      ["no more than 10 items allowed [json-pointer:/blocks/0/fields]"],
    ],
    [
      "a field over 2,000 characters",
      [{ type: "section", fields: [markup("x".repeat(2_001))] }],
      [
        "failed to match all allowed schemas [json-pointer:/blocks/0/fields/0]",
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
      ],
    ],
    [
      "a header with mrkdwn",
      [{ type: "header", text: { type: "mrkdwn", text: "x" } }],
      ["unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"],
    ],
    [
      "a header over 150 characters",
      [{ type: "header", text: label("x".repeat(151)) }],
      ["must be less than 151 characters [json-pointer:/blocks/0/text/text]"],
    ],
    [
      "a key that Slack does not know",
      [{ type: "divider", color: "red" }],
      ["invalid additional property: color [json-pointer:/blocks/0]"],
    ],
    [
      "a block without a type",
      [{ text: label("x") }],
      ["missing required field: type [json-pointer:/blocks/0]"],
    ],
    [
      "a kind of block that does not exist",
      [{ type: "marquee" }],
      ["unsupported type: marquee [json-pointer:/blocks/0/type]"],
    ],
    [
      "11 elements in a context",
      [{ type: "context", elements: list(11, () => markup("x")) }],
      ["no more than 10 items allowed [json-pointer:/blocks/0/elements]"],
    ],
    [
      "26 buttons",
      [{ type: "actions", elements: list(26, () => ({ type: "button", text: label("x") })) }],
      ["no more than 25 items allowed [json-pointer:/blocks/0/elements]"],
    ],
    [
      "a button's label over 75 characters",
      [actions({ text: label("x".repeat(76)) })],
      ["must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"],
    ],
    [
      "a button's URL over 3,000 characters",
      [actions({ url: `https://example.com/${"x".repeat(3_000)}` })],
      ["must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]"],
    ],
    [
      "a button that is disabled",
      [actions({ disabled: true })],
      ["invalid additional property: disabled [json-pointer:/blocks/0/elements/0]"],
    ],
    [
      "two buttons with one action",
      [
        {
          type: "actions",
          elements: list(2, () => ({ type: "button", text: label("x"), action_id: "a" })),
        },
      ],
      ["action_id must be unique [json-pointer:/blocks/0/elements/1/action_id]"],
    ],
    [
      "an image without a text for those who cannot see it",
      [{ type: "image", image_url: "https://example.com/a.png" }],
      ["missing required field: alt_text [json-pointer:/blocks/0]"],
    ],
    [
      "two blocks with one id",
      list(2, () => ({ type: "divider", block_id: "same" })),
      ["block_id must be unique [json-pointer:/blocks/1/block_id]"],
    ],
    [
      "a table of 101 rows",
      [{ type: "table", rows: list(101, () => [{ type: "raw_text", text: "x" }]) }],
      ["no more than 100 items allowed [json-pointer:/blocks/0/rows]"],
    ],
  ])("%s", async (_case, blocks, details) => {
    const found = await refusal({ text: "x", blocks });

    expect(found).toEqual({ code: "invalid_blocks", details });
    expect(sandbox.refused[0]?.details).toEqual(details);
  });
});

test("50 blocks, each text at its limit, are taken", async () => {
  const blocks = [
    section("x".repeat(3_000)),
    { type: "section", fields: list(2, () => markup("x".repeat(2_000))) },
    { type: "header", text: label("x".repeat(150)) },
    actions({ text: label("x".repeat(75)), value: "x".repeat(2_000) }),
    ...list(46, () => ({ type: "divider" })),
  ];

  const answer = await slack.apiCall("chat.postMessage", {
    channel: SLACK_CHANNEL,
    text: "x",
    blocks,
  });

  expect(answer.ok).toBe(true);
});

import type { Block, Inline, Message, NativePart, NativeValue } from "../../src/core/message.ts";
import { NativeText } from "../../src/core/message.ts";

/** A customer who tries everything at once. */
export const HOSTILE = "<!channel> @everyone [x](http://evil.example) **b** |";

/** A message that shows nothing but what is given. */
export function message(given: Partial<Message> = {}): Message {
  return {
    summary: [],
    title: [],
    link: null,
    tone: "info",
    body: [],
    fields: [],
    buttons: [],
    footer: [],
    time: null,
    native: null,
    ...given,
  };
}

/** A text as one piece. */
export function text(value: string): Inline[] {
  return [{ type: "text", value }];
}

/** A text as one paragraph. */
export function paragraph(...children: readonly Inline[]): Block {
  return { type: "paragraph", children };
}

/** A native string of the author's markup (texts) and values from data (in lists). */
export function native(...parts: readonly (string | readonly [string])[]): NativeText {
  return new NativeText(
    parts.map((part): NativePart => {
      return typeof part === "string"
        ? { type: "markup", value: part }
        : { type: "text", value: part[0] };
    }),
  );
}

/** A message with the same text wherever a message can hold one. */
export function everywhere(value: string, given: Partial<Message> = {}): Message {
  return message({
    summary: text(value),
    title: text(value),
    link: "https://example.com/customers/1",
    tone: "warning",
    body: [paragraph(...text(value)), { type: "quote", children: [paragraph(...text(value))] }],
    fields: [{ label: text(value), value: text(value) }],
    buttons: [{ label: text(value), url: "https://example.com/customers/1" }],
    footer: text(value),
    time: "2026-11-22T10:15:00.000Z",
    ...given,
  });
}

/** Native Slack blocks with the same value wherever one can stand. */
export function nativeSlack(value: string): NativeValue[] {
  return [
    { type: native("header"), text: { type: native("plain_text"), text: native([value]) } },
    {
      type: native("section"),
      text: { type: native("mrkdwn"), text: native("*Customer* ", [value]) },
      fields: [{ type: native("mrkdwn"), text: native([value]) }],
      accessory: {
        type: native("image"),
        image_url: native("https://example.com/logo?of=", [value]),
        alt_text: native([value]),
      },
    },
    { type: native("context"), elements: [{ type: native("mrkdwn"), text: native([value]) }] },
    {
      type: native("actions"),
      elements: [
        {
          type: native("button"),
          text: { type: native("plain_text"), text: native([value]) },
          url: native("https://example.com/", [value]),
        },
      ],
    },
  ];
}

/** Native Discord embeds with the same value wherever one can stand. */
export function nativeDiscord(value: string): NativeValue[] {
  return [
    {
      title: native([value]),
      url: native("https://example.com/", [value]),
      description: native("**Customer** ", [value]),
      color: 0x5865f2,
      fields: [{ name: native([value]), value: native([value]), inline: true }],
      footer: { text: native([value]) },
      author: { name: native([value]), icon_url: native("https://example.com/i?of=", [value]) },
    },
  ];
}

import type { Excess, Outline } from "../../core/outline.ts";
import {
  messageExcess,
  type MessageLimits,
  nativeExcess,
  type NativeLimits,
  tooMany,
} from "../excess.ts";
import { NOTE_CHARS } from "./embed.ts";
import { BUTTONS, EMBED, MAX_CONTENT_CHARS } from "./limits.ts";
import { TEXTS } from "./native.ts";

/** What of a template goes beyond Discord's limits. */
export function discordExcess(outline: Outline): readonly Excess[] {
  const { native } = outline;
  if (native === null) return [...messageExcess(outline, MESSAGE), ...sumExcess(outline)];
  return [
    ...messageExcess(outline, MESSAGE),
    ...tooMany(
      { place: "embeds", what: "embeds", count: native.length, most: EMBED.embeds },
      "Discord",
    ),
    ...nativeExcess(native, "embeds", EMBEDS),
  ];
}

const MESSAGE: MessageLimits = {
  platform: "Discord",
  fields: EMBED.fields,
  buttons: BUTTONS.rows * BUTTONS.perRow,
  title: EMBED.title,
  summary: MAX_CONTENT_CHARS,
  body: EMBED.description,
  footer: EMBED.footer - NOTE_CHARS,
  fieldLabel: EMBED.fieldName,
  fieldValue: EMBED.fieldValue,
  buttonLabel: BUTTONS.label,
};

const EMBEDS: NativeLimits = {
  platform: "Discord",
  count: (_, key) => (key === "fields" ? EMBED.fields : undefined),
  chars: ({ key: place, above }, key) => TEXTS[`${above === null ? "embed" : place}.${key}`]?.max,
};

/** All texts of an embed together. A field without a value is left out, so that its label counts for nothing. */
function sumExcess({ texts }: Outline): Excess[] {
  const counted = [...texts].filter(([place]) => IN_EMBED.test(place));
  const sum = counted.reduce((chars, [, text]) => chars + text.length, 0);
  const isOneTooLong = counted.some(
    ([place, text]) => place === "body" && text.length > EMBED.description,
  );
  if (sum <= EMBED.sum || isOneTooLong) return [];
  const message = `In Discord there is room for ${EMBED.sum} characters in all, and these are ${sum} without any value: the longest texts are cut.`;
  return [{ place: "body", message }];
}

const IN_EMBED = /^(?:title|body|footer|fields\[\d+\]\.value)$/;

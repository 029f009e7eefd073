import type { Excess, Outline } from "../../core/outline.ts";
import {
  type Holder,
  messageExcess,
  type MessageLimits,
  nativeExcess,
  type NativeLimits,
  tooMany,
} from "../excess.ts";
import {
  BUTTON,
  MAX_ACTIONS,
  MAX_BLOCKS,
  MAX_TEXT_CHARS,
  MAX_TEXT_OBJECT_CHARS,
  SECTION,
  SHARE,
} from "./limits.ts";
import { COUNTS, STRING_LIMITS, TEXT_LIMITS } from "./native-limits.ts";

/** What of a template goes beyond Slack's limits. */
export function slackExcess(outline: Outline): readonly Excess[] {
  const { native } = outline;
  if (native === null) return messageExcess(outline, MESSAGE);
  return [
    ...messageExcess(outline, MESSAGE),
    ...tooMany(
      { place: "blocks", what: "blocks", count: native.length, most: MAX_BLOCKS },
      "Slack",
    ),
    ...nativeExcess(native, "blocks", BLOCKS),
  ];
}

const MESSAGE: MessageLimits = {
  platform: "Slack",
  fields: SECTION.fields,
  buttons: MAX_ACTIONS,
  title: SHARE.title,
  summary: MAX_TEXT_CHARS,
  body: SECTION.text,
  footer: SHARE.footer,
  fieldLabel: SHARE.label,
  fieldValue: SECTION.field,
  buttonLabel: BUTTON.label,
};

const BLOCKS: NativeLimits = {
  platform: "Slack",
  count: ({ value }, key) => COUNTS[`${typeOf(value)}.${key}`],
  chars: (holder, key) => {
    if (key === "url" || key.endsWith("_url")) return undefined;
    const own = STRING_LIMITS[`${typeOf(holder.value)}.${key}`] ?? STRING_LIMITS[key];
    if (own !== undefined || key !== "text") return own;
    const above = holder.above === null ? "" : typeOf(holder.above.value);
    return TEXT_LIMITS[`${above}.${holder.key}`] ?? MAX_TEXT_OBJECT_CHARS;
  },
};

function typeOf(value: Holder["value"]): string {
  const type = value["type"];
  return typeof type === "string" ? type : "";
}

import type { Json, JsonObject } from "../../core/json.ts";
import { type NativePart, NativeText, type NativeValue, plainText } from "../../core/message.ts";
import { clean } from "../clean.ts";
import { waterLevel } from "../fit.ts";
import { fitNativeText, nativeAddress, rawAt, rawText } from "../native-text.ts";
import type { BlockJson, Blocks } from "./blocks.ts";
import { escapeMrkdwn, escapePlain } from "./escape.ts";
import { IMAGE, MAX_BLOCKS, MAX_TEXT_OBJECT_CHARS } from "./limits.ts";
import { COUNTS, STRING_LIMITS, TEXT_LIMITS } from "./native-limits.ts";
import { mrkdwnLink, mrkdwnTime } from "./text.ts";

/** A template's own blocks, values escaped for where they stand, within the limits and `maxChars` of text in all. */
export function nativeBlocks(native: readonly NativeValue[], maxChars: number): Blocks {
  const natural = fill(native, Number.POSITIVE_INFINITY);
  const level = waterLevel(natural.lengths, maxChars);
  return level === Number.POSITIVE_INFINITY ? natural : fill(native, level);
}

/** One pass over a native structure: how long a text may be, what was met, whether something was cut. */
interface Pass {
  readonly level: number;
  readonly lengths: number[];
  isCut: boolean;
}

interface NativeObject {
  readonly [key: string]: NativeValue;
}

function fill(native: readonly NativeValue[], level: number): Blocks & { lengths: number[] } {
  const pass: Pass = { level, lengths: [], isCut: false };
  const blocks = native
    .slice(0, MAX_BLOCKS)
    .map((value) => fillValue(value, MAX_TEXT_OBJECT_CHARS, pass))
    .filter(isBlock);
  pass.isCut ||= native.length > MAX_BLOCKS;
  return { blocks, isCut: pass.isCut, lengths: pass.lengths };
}

function isBlock(value: Json | undefined): value is BlockJson {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    typeof (value as JsonObject)["type"] === "string"
  );
}

/** `undefined` for what holds nothing and must therefore not be there. */
function fillValue(value: NativeValue, textMax: number, pass: Pass): Json | undefined {
  if (value instanceof NativeText) return rawText(value);
  if (Array.isArray(value))
    return value
      .map((one: NativeValue) => fillValue(one, textMax, pass))
      .filter((one) => one !== undefined);
  if (typeof value !== "object" || value === null) return value;
  return fillObject(value as NativeObject, textMax, pass);
}

function fillObject(value: NativeObject, textMax: number, pass: Pass): JsonObject | undefined {
  const type = rawAt(value, "type");
  const filled: { [key: string]: Json } = {};
  for (const [key, child] of Object.entries(value)) {
    const json =
      child instanceof NativeText
        ? fillText(child, type, key, textMax, pass)
        : fillValue(child, TEXT_LIMITS[`${type}.${key}`] ?? MAX_TEXT_OBJECT_CHARS, pass);
    if (isThere(json)) filled[key] = limitCount(json, `${type}.${key}`, pass);
  }
  if (type === "mrkdwn") filled["verbatim"] = true;
  const needed = NEEDED[type];
  return needed === undefined || needed.some((key) => key in filled) ? filled : undefined;
}

function fillText(
  text: NativeText,
  type: string,
  key: string,
  textMax: number,
  pass: Pass,
): string | undefined {
  if (key === "url" || key.endsWith("_url"))
    return nativeAddress(text, STRING_LIMITS[`${type}.${key}`] ?? IMAGE.url) ?? undefined;
  const isShown = key === "text";
  const own = STRING_LIMITS[`${type}.${key}`] ?? STRING_LIMITS[key];
  const max = Math.min(own ?? textMax, isShown ? pass.level : Number.POSITIVE_INFINITY);
  const fitted = fitNativeText(text, max, (part) => showPart(part, isShown ? type : "raw"));
  if (!isShown) return fitted.text;
  pass.lengths.push(fitted.text.length);
  pass.isCut ||= fitted.isCut;
  return fitted.text.trim() === "" ? undefined : fitted.text;
}

/** A piece of a native string as it must be written in the text of an object of the given type. */
function showPart(part: NativePart, type: string): string {
  if (part.type === "markup") return part.value;
  switch (type) {
    case "plain_text":
      return escapePlain(shownText(part));
    case "raw":
    case "text":
    case "raw_text":
    case "link":
      return clean(shownText(part));
    case "markdown":
      return escapeMarkdown(shownText(part));
    default:
      return showMrkdwn(part);
  }
}

function showMrkdwn(part: Exclude<NativePart, { type: "markup" }>): string {
  switch (part.type) {
    case "text":
      return escapeMrkdwn(part.value);
    case "time":
      return mrkdwnTime(part.time, part.style, part.fallback);
    case "link":
      return mrkdwnLink(part.url, plainText(part.children));
  }
}

function shownText(part: Exclude<NativePart, { type: "markup" }>): string {
  switch (part.type) {
    case "text":
      return part.value;
    case "time":
      return part.fallback;
    case "link":
      return plainText(part.children);
  }
}

/** A markdown block reads Markdown and Slack's own tokens. */
function escapeMarkdown(text: string): string {
  return escapeMrkdwn(text).replace(/[\\[\]()#|!+.-]/g, "\\$&");
}

function limitCount(json: Json, place: string, pass: Pass): Json {
  const max = COUNTS[place];
  if (!Array.isArray(json) || max === undefined || json.length <= max) return json;
  pass.isCut = true;
  return json.slice(0, max);
}

/** Slack refuses empty lists as it does empty texts. */
function isThere(json: Json | undefined): json is Json {
  return json !== undefined && !(Array.isArray(json) && json.length === 0);
}

/** What an object shows at least one of; one that shows none is left out, since Slack would refuse it. */
const NEEDED: { readonly [type: string]: readonly string[] } = {
  mrkdwn: ["text"],
  plain_text: ["text"],
  header: ["text"],
  markdown: ["text"],
  button: ["text"],
  section: ["text", "fields"],
  context: ["elements"],
  actions: ["elements"],
  image: ["image_url", "slack_file"],
  video: ["video_url"],
};

import type { Json, JsonObject } from "../../core/json.ts";
import { type NativePart, NativeText, type NativeValue, plainText } from "../../core/message.ts";
import { waterLevel } from "../fit.ts";
import { fitNativeText, nativeAddress, rawText } from "../native-text.ts";
import { type Embeds, PLACEHOLDER } from "./embed.ts";
import { escapeMarkdown, escapePlain } from "./escape.ts";
import { EMBED, MAX_COLOR, MAX_URL_CHARS } from "./limits.ts";
import { markdownLink, markdownTime } from "./text.ts";

/** A template's own embeds, values escaped for where they stand, within the limits and `maxChars` of text in all. */
export function nativeEmbeds(native: readonly NativeValue[], maxChars: number): Embeds {
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

function fill(native: readonly NativeValue[], level: number): Embeds & { lengths: number[] } {
  const pass: Pass = { level, lengths: [], isCut: false };
  const embeds = native
    .slice(0, EMBED.embeds)
    .map((value) => fillValue(value, "embed", pass))
    .filter((value): value is JsonObject => isObject(value) && SHOWN.some((key) => key in value));
  pass.isCut ||= native.length > EMBED.embeds;
  return { embeds, isCut: pass.isCut, lengths: pass.lengths };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `undefined` for what holds nothing and must therefore not be there; `place` is the key that leads here. */
function fillValue(value: NativeValue, place: string, pass: Pass): Json | undefined {
  if (value instanceof NativeText) return rawText(value);
  if (Array.isArray(value)) {
    const filled = value
      .map((one: NativeValue) => fillValue(one, place, pass))
      .filter((one) => one !== undefined);
    return place === "fields" ? limitFields(filled, pass) : filled;
  }
  if (typeof value !== "object" || value === null) return value;
  return fillObject(value as NativeObject, place, pass);
}

function fillObject(value: NativeObject, place: string, pass: Pass): JsonObject | undefined {
  const filled: { [key: string]: Json } = {};
  for (const [key, child] of Object.entries(value)) {
    const json =
      child instanceof NativeText ? fillText(child, place, key, pass) : fillValue(child, key, pass);
    if (json !== undefined) filled[key] = json;
  }
  if (place === "fields") return completeField(filled, pass);
  const needed = NEEDED[place];
  return needed === undefined || needed in filled ? filled : undefined;
}

function fillText(text: NativeText, place: string, key: string, pass: Pass): Json | undefined {
  if (key === "url" || key.endsWith("_url")) return pageOnly(nativeAddress(text, MAX_URL_CHARS));
  if (key === "color") return colorOf(rawText(text));
  if (key === "timestamp") return timestampOf(rawText(text));
  const rule = TEXTS[`${place}.${key}`];
  if (rule === undefined) return rawText(text);
  const show = rule.isMarkdown ? showMarkdown : showPlain;
  const fitted = fitNativeText(text, Math.min(rule.max, pass.level), show);
  pass.lengths.push(fitted.text.length);
  pass.isCut ||= fitted.isCut;
  return fitted.text.trim() === "" ? undefined : fitted.text;
}

function showMarkdown(part: NativePart): string {
  switch (part.type) {
    case "markup":
      return part.value;
    case "text":
      return escapeMarkdown(part.value);
    case "time":
      return markdownTime(part.time, part.style, part.fallback);
    case "link":
      return markdownLink(part.url, plainText(part.children));
  }
}

function showPlain(part: NativePart): string {
  switch (part.type) {
    case "markup":
      return part.value;
    case "text":
      return escapePlain(part.value);
    case "time":
      return escapePlain(part.fallback);
    case "link":
      return escapePlain(plainText(part.children));
  }
}

function limitFields(fields: readonly Json[], pass: Pass): readonly Json[] | undefined {
  pass.isCut ||= fields.length > EMBED.fields;
  return fields.length === 0 ? undefined : fields.slice(0, EMBED.fields);
}

/** Discord refuses a field without a name or a value; one without both says nothing. */
function completeField(field: JsonObject, pass: Pass): JsonObject | undefined {
  const missing = ["name", "value"].filter((key) => !(key in field));
  if (missing.length === 2) return undefined;
  pass.lengths.push(...missing.map(() => PLACEHOLDER.length));
  return { name: PLACEHOLDER, value: PLACEHOLDER, ...field };
}

function pageOnly(address: string | null): string | undefined {
  return address === null || address.startsWith("mailto:") ? undefined : address;
}

function colorOf(text: string): number | undefined {
  const color = Number(text.trim().replace(/^#/, "0x"));
  return Number.isInteger(color) && color >= 0 && color <= MAX_COLOR ? color : undefined;
}

function timestampOf(text: string): string | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** What an embed shows at least one of. */
const SHOWN: readonly string[] = [
  "title",
  "description",
  "fields",
  "image",
  "thumbnail",
  "author",
  "footer",
];

/** What an object cannot be without; one that lacks it is left out, since Discord would refuse it. */
const NEEDED: { readonly [place: string]: string } = {
  footer: "text",
  author: "name",
  image: "url",
  thumbnail: "url",
};

/** The texts that count, how long they may be, and whether Discord reads Markdown there. */
export const TEXTS: {
  readonly [place: string]: { readonly max: number; readonly isMarkdown: boolean };
} = {
  "embed.title": { max: EMBED.title, isMarkdown: true },
  "embed.description": { max: EMBED.description, isMarkdown: true },
  "fields.name": { max: EMBED.fieldName, isMarkdown: true },
  "fields.value": { max: EMBED.fieldValue, isMarkdown: true },
  "footer.text": { max: EMBED.footer, isMarkdown: false },
  "author.name": { max: EMBED.author, isMarkdown: false },
};

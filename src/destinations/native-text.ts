import { type NativePart, NativeText, type NativeValue, plainText } from "../core/message.ts";
import { ELLIPSIS, truncate } from "../core/text.ts";
import { clean } from "./clean.ts";
import type { Fitted } from "./fit.ts";
import { webAddress } from "./web-address.ts";

/** A native string in at most `max` characters: values are shortened first, and the author's markup only then. */
export function fitNativeText(
  native: NativeText,
  max: number,
  show: (part: NativePart) => string,
): Fitted {
  const render = (valueChars: number) =>
    native.parts.map((part) => show(shorten(part, valueChars))).join("");
  const whole = render(Number.POSITIVE_INFINITY);
  if (whole.length <= max) return { text: whole, isCut: false };
  let [fits, tooLong] = [-1, max + 1];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (render(middle).length <= max) fits = middle;
    else tooLong = middle;
  }
  return { text: fits >= 0 ? render(fits) : cutMarkup(render(0), max), isCut: true };
}

/** A native string as it stands, nothing escaped. */
export function rawText(native: NativeText): string {
  return clean(native.parts.map(rawPart).join(""));
}

/**
 * The address in a native string, or `null` when it is none that may be linked.
 * Values behind the author's own text are encoded, so that they cannot lead elsewhere.
 */
export function nativeAddress(native: NativeText, maxChars: number): string | null {
  const parts = native.parts.filter((part) => rawPart(part) !== "");
  const text = parts.map((part, index) =>
    part.type === "markup" || index === 0
      ? rawPart(part)
      : encodeURIComponent(rawPart(part).toWellFormed()),
  );
  return webAddress(text.join(""), maxChars);
}

/** The string under a key of a native object, raw; empty when there is none. */
export function rawAt(value: { readonly [key: string]: NativeValue }, key: string): string {
  const leaf = value[key];
  return leaf instanceof NativeText ? rawText(leaf) : "";
}

function rawPart(part: NativePart): string {
  switch (part.type) {
    case "markup":
    case "text":
      return part.value;
    case "time":
      return part.fallback;
    case "link":
      return part.url;
  }
}

function shorten(part: NativePart, max: number): NativePart {
  switch (part.type) {
    case "markup":
      return part;
    case "text":
      return { ...part, value: truncate(part.value, max) };
    case "time":
      return part.fallback.length <= max
        ? part
        : { type: "text", value: truncate(part.fallback, max) };
    case "link":
      return {
        ...part,
        children: [{ type: "text", value: truncate(plainText(part.children), max) }],
      };
  }
}

/** Cuts before a token, an entity or an escape that would otherwise be left open. */
function cutMarkup(text: string, max: number): string {
  let kept = truncate(text, max).slice(0, -ELLIPSIS.length);
  const open = kept.lastIndexOf("<");
  if (open > kept.lastIndexOf(">")) kept = kept.slice(0, open);
  kept = kept.replace(/&[#\w]{0,8}$/, "").replace(/(?<!\\)((?:\\\\)*)\\$/, "$1");
  return kept + ELLIPSIS;
}

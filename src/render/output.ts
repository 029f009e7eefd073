import type { Inline, NativePart } from "../core/message.ts";
import { plainText } from "../core/message.ts";
import type { Output } from "./engine.ts";
import { MARK } from "./engine.ts";
import { safeUrl } from "./url.ts";

/** A stretch of a rendering: what the author wrote, or a value. */
type Stretch =
  | { readonly type: "author"; readonly text: string }
  | { readonly type: "value"; readonly inlines: readonly Inline[] };

/** A text that holds marks, told apart into what the author wrote and the values; empty stretches are left out. */
export function stretches({ text, values }: Output): Stretch[] {
  return text
    .split(MARK)
    .map((part, index): Stretch =>
      index % 2 === 0
        ? { type: "author", text: part }
        : { type: "value", inlines: values[Number(part)] ?? [] },
    )
    .filter((one) => (one.type === "author" ? one.text !== "" : one.inlines.length > 0));
}

/** The rendering as bare text, without any Markdown read in it. */
export function bareText(output: Output): string {
  return stretches(output)
    .map((one) => (one.type === "author" ? one.text : plainText(one.inlines)))
    .join("");
}

/**
 * The address that a rendering makes, or `null` when it is not http, https or mailto, or a value would choose where it
 * leads. A value may be the beginning of an address; behind one it is percent-encoded, so that it stays one part of it.
 */
export function addressOf({ text, values }: Output): string | null {
  const parts = stretches({ text: text.trim(), values });
  const inserted: (readonly [start: number, end: number])[] = [];
  let address = "";
  for (const [index, part] of parts.entries()) {
    const said = part.type === "author" ? part.text : plainText(part.inlines);
    if (part.type === "author" || address === "") {
      address += said;
      continue;
    }
    const next = parts[index + 1];
    const following = next?.type === "author" ? next.text : "";
    if (isInHost(address) && !/^\.[^/?#\\]/.test(following)) return null;
    const start = address.length;
    address += encodeFor(address, said);
    inserted.push([start, address.length]);
  }
  const isMoving = inserted.some(([start, end]) => isDots(segmentAround(address, start, end)));
  return isMoving ? null : safeUrl(address);
}

/** Whether what comes next belongs to the host: only text of the author may end one. */
function isInHost(begun: string): boolean {
  return /^https?:[/\\]*[^/?#\\]*$/i.test(begun);
}

/** The part of the path that a value makes up, alone or with what stands beside it; empty behind the path. */
function segmentAround(address: string, start: number, end: number): string {
  const before = address.slice(0, start);
  if (/[?#]/.test(before)) return "";
  const first = Math.max(before.lastIndexOf("/"), before.lastIndexOf("\\")) + 1;
  const rest = address.slice(end);
  const length = rest.search(/[/?#\\]/);
  return address.slice(first, length === -1 ? undefined : end + length);
}

/** One or two dots, which lead to the same or the upper folder. */
function isDots(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment);
}

/** Elsewhere than in a mailto address, an `@` could make a user's name of the host before it. */
function encodeFor(begun: string, value: string): string {
  const encoded = encodeURIComponent(value.toWellFormed());
  return /^mailto:/i.test(begun) ? encoded.replaceAll("%40", "@") : encoded;
}

/** The rendering of a string in a native structure. */
export function nativeParts(output: Output): NativePart[] {
  return stretches(output).flatMap((one): NativePart[] =>
    one.type === "author"
      ? [{ type: "markup", value: one.text }]
      : one.inlines.map((inline) =>
          inline.type === "text" || inline.type === "time" || inline.type === "link"
            ? inline
            : { type: "text", value: plainText([inline]) },
        ),
  );
}

import type { Inline } from "../core/message.ts";
import { plainText } from "../core/message.ts";

/** What a helper gives when text alone cannot say it: a time, a link. */
export class Rich {
  readonly inlines: readonly Inline[];
  constructor(inlines: readonly Inline[]) {
    this.inlines = inlines;
  }
  toString(): string {
    return plainText(this.inlines);
  }
}

/** A value as a message shows it; nothing for nothing. */
export function inlinesOf(value: unknown): readonly Inline[] {
  if (value instanceof Rich) return value.inlines;
  const text = oneLine(textOf(value));
  return text === "" ? [] : [{ type: "text", value: text }];
}

/** A value as text: nothing for `null`, compact JSON for lists and objects. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Rich) return value.toString();
  return JSON.stringify(value) ?? "";
}

/**
 * The text on one line and without what could not be sent: runs of control characters become a space, the
 * noncharacters that mark values in a rendering are removed, lone surrogates replaced.
 */
function oneLine(text: string): string {
  return withoutMarks(text)
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .toWellFormed();
}

/** The text without the noncharacters that mark values in a rendering. */
export function withoutMarks(text: string): string {
  return text.replaceAll(/[\uFDD0\uFDD1]/g, "");
}

import type { Tone } from "./change.ts";

/**
 * What a template renders to: one shape for every platform, which each destination turns into its own request.
 * Text is a tree, so that no platform's markup can come from a customer's data.
 */
export interface Message {
  /** The whole message in one sentence: Slack's `text`, Discord's `content`. */
  readonly summary: readonly Inline[];
  /** May be empty. */
  readonly title: readonly Inline[];
  /** Where the title leads; http, https or mailto. */
  readonly link: string | null;
  readonly tone: Tone;
  readonly body: readonly Block[];
  readonly fields: readonly Field[];
  readonly buttons: readonly Button[];
  readonly footer: readonly Inline[];
  /** ISO 8601, UTC. */
  readonly time: string | null;
  /** The platform's own blocks or embeds, which then take the place of title, body and fields. */
  readonly native: readonly NativeValue[] | null;
}

/** A label and its value, shown side by side where the platform can. */
export interface Field {
  readonly label: readonly Inline[];
  readonly value: readonly Inline[];
}

/** A button that opens a page. */
export interface Button {
  readonly label: readonly Inline[];
  readonly url: string;
}

/** A piece of running text. */
export type Inline =
  /** Shown as typed, whatever it holds. */
  | { readonly type: "text"; readonly value: string }
  | { readonly type: "strong"; readonly children: readonly Inline[] }
  | { readonly type: "emphasis"; readonly children: readonly Inline[] }
  | { readonly type: "strike"; readonly children: readonly Inline[] }
  | { readonly type: "code"; readonly value: string }
  /** `url` is http, https or mailto. */
  | { readonly type: "link"; readonly url: string; readonly children: readonly Inline[] }
  /** A moment that the platform shows in the reader's own time zone; `time` is ISO 8601, UTC. */
  | {
      readonly type: "time";
      readonly time: string;
      readonly style: TimeStyle;
      readonly fallback: string;
    }
  | { readonly type: "break" };

/** How a moment is shown: a day, a day and time, or the distance from now. */
export type TimeStyle = "date" | "datetime" | "relative";

/** A piece of text that stands on its own lines. */
export type Block =
  | { readonly type: "paragraph"; readonly children: readonly Inline[] }
  | { readonly type: "heading"; readonly depth: number; readonly children: readonly Inline[] }
  | {
      readonly type: "list";
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly type: "quote"; readonly children: readonly Block[] }
  | { readonly type: "code"; readonly value: string }
  | { readonly type: "rule" };

/** A native structure from a template; a `NativeText` stands where a string will. */
export type NativeValue =
  | NativeText
  | number
  | boolean
  | null
  | readonly NativeValue[]
  | { readonly [key: string]: NativeValue };

/** A string of a native structure, still told apart into what the template's author wrote and what came from data. */
export class NativeText {
  readonly parts: readonly NativePart[];
  constructor(parts: readonly NativePart[]) {
    this.parts = parts;
  }
}

/** The author's own markup, or a value to be shown as typed. */
export type NativePart =
  | { readonly type: "markup"; readonly value: string }
  | Extract<Inline, { type: "text" | "time" | "link" }>;

/** The text of inline pieces without any markup, times in their fallback form. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines.map(plainInline).join("");
}

function plainInline(inline: Inline): string {
  switch (inline.type) {
    case "text":
    case "code":
      return inline.value;
    case "time":
      return inline.fallback;
    case "break":
      return " ";
    case "strong":
    case "emphasis":
    case "strike":
    case "link":
      return plainText(inline.children);
  }
}

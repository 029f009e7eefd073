import { TONES } from "../core/change.ts";
import type { Facts } from "../core/facts.ts";
import type { Button, Field, Inline, Message, NativeValue } from "../core/message.ts";
import { NativeText, plainText } from "../core/message.ts";
import { defaultsOf } from "./defaults.ts";
import type { Engine, Program } from "./engine.ts";
import type { NativeSource, TemplateParts } from "./front-matter.ts";
import { instant } from "./helpers.ts";
import { toBlocks, toInlines } from "./markdown.ts";
import { addressOf, bareText, nativeParts } from "./output.ts";
import { Piece } from "./piece.ts";

/** A template made ready for events. Throws a `TemplateError` when rendering fails. */
export type Template = (facts: Facts) => Message;

/** Makes a template ready for events. */
export function compileTemplate(parts: TemplateParts, engine: Engine): Template {
  const { front, body } = parts;
  const prepare = (piece: Piece): Program => engine.program(piece, parts.isRawAllowed);
  const leaf = (piece: Piece | null | undefined) => (piece ? prepare(piece) : null);
  const [summary, title, footer] = [leaf(front.summary), leaf(front.title), leaf(front.footer)];
  const [tone, link, time] = [leaf(front.tone), leaf(front.link), leaf(front.time)];
  const fields = (front.fields ?? []).map((field) => fieldOf(field, prepare));
  const buttons = (front.buttons ?? []).map((button) => buttonOf(button, prepare));
  const native = front.blocks ?? front.embeds;
  const structure = native ? native.map((one) => nativeOf(one, prepare)) : null;
  const content = prepare(body);
  return (facts) => {
    const defaults = defaultsOf(facts);
    return {
      summary: unlessBlank(lineOf(summary, facts)) ?? defaults.summary,
      title: lineOf(title, facts) ?? defaults.title,
      link: link === null ? defaults.link : addressOf(link(facts)),
      tone: toneOf(tone, facts) ?? defaults.tone,
      body: toBlocks(content(facts)),
      fields: fields.flatMap((field) => field(facts) ?? []),
      buttons: buttons.flatMap((button) => button(facts) ?? []),
      footer: lineOf(footer, facts) ?? defaults.footer,
      time: time === null ? defaults.time : timeOf(time, facts, defaults.time),
      native: structure === null ? null : structure.map((one) => one(facts)),
    };
  };
}

type Prepare = (piece: Piece) => Program;

/** A field that renders to nothing is left out. */
function fieldOf(
  { label, value }: { readonly label: Piece; readonly value: Piece },
  prepare: Prepare,
): (facts: Facts) => Field | null {
  const [labelled, valued] = [prepare(label), prepare(value)];
  return (facts) => {
    const shown = unlessBlank(toInlines(valued(facts), "kept"));
    const named = unlessBlank(toInlines(labelled(facts), "folded"));
    return shown === undefined || named === undefined ? null : { label: named, value: shown };
  };
}

/** A button without a label or an address is left out. */
function buttonOf(
  { label, url }: { readonly label: Piece; readonly url: Piece },
  prepare: Prepare,
): (facts: Facts) => Button | null {
  const [labelled, addressed] = [prepare(label), prepare(url)];
  return (facts) => {
    const address = addressOf(addressed(facts));
    const named = unlessBlank(toInlines(labelled(facts), "folded"));
    return address === null || named === undefined ? null : { label: named, url: address };
  };
}

function nativeOf(source: NativeSource, prepare: Prepare): (facts: Facts) => NativeValue {
  if (source instanceof Piece) {
    const program = prepare(source);
    return (facts) => new NativeText(nativeParts(program(facts)));
  }
  if (Array.isArray(source)) {
    const elements = source.map((element: NativeSource) => nativeOf(element, prepare));
    return (facts) => elements.map((element) => element(facts));
  }
  if (typeof source !== "object" || source === null) return () => source;
  const entries = Object.entries(source).map(
    ([key, value]) => [key, nativeOf(value, prepare)] as const,
  );
  return (facts) => Object.fromEntries(entries.map(([key, value]) => [key, value(facts)]));
}

function lineOf(program: Program | null, facts: Facts): readonly Inline[] | undefined {
  return program === null ? undefined : toInlines(program(facts), "folded");
}

function unlessBlank(inlines: readonly Inline[] | undefined): readonly Inline[] | undefined {
  return inlines === undefined || plainText(inlines).trim() === "" ? undefined : inlines;
}

function toneOf(program: Program | null, facts: Facts): Message["tone"] | undefined {
  if (program === null) return undefined;
  const rendered = bareText(program(facts)).trim();
  return TONES.find((tone) => tone === rendered);
}

/** A time that renders to nothing is meant to be absent; one that is no time is taken for the event's. */
function timeOf(program: Program, facts: Facts, otherwise: string | null): string | null {
  const rendered = bareText(program(facts)).trim();
  return rendered === "" ? null : (instant(rendered) ?? otherwise);
}

import { CHANGE_KINDS } from "../core/change.ts";
import { longDate } from "../core/date.ts";
import type { Inline, TimeStyle } from "../core/message.ts";
import { formatMoney } from "../core/money.ts";
import { truncate } from "../core/text.ts";
import { safeUrl } from "./url.ts";
import { Rich, inlinesOf, textOf } from "./value.ts";

/** A helper: what it takes, what it does in one line, and the function behind it. */
export interface Helper {
  /** One sentence for people who write templates. */
  readonly doc: string;
  /** In order; the optional ones last. */
  readonly params: readonly Param[];
  /** The last parameter may be given again and again. */
  readonly repeatsLast?: true;
  /** The arguments are held against each other, so that two of different types are a mistake. */
  readonly compares?: true;
  /** Parameters given as `name=value`, all optional. */
  readonly options: { readonly [name: string]: Omit<Param, "name" | "isOptional"> };
  /** What comes out; `argument` when it is one of the arguments. */
  readonly gives: "text" | "boolean" | "argument";
  run(given: readonly unknown[], options: { readonly [name: string]: unknown }): unknown;
}

/** A parameter of a helper. */
export interface Param {
  readonly name: string;
  readonly takes: ParamType;
  readonly isOptional?: true;
  /** The texts it may be, where they are known. */
  readonly values?: readonly string[];
}

/** What a parameter takes; a `path` is the path inside the elements of the list before it, as text. */
export type ParamType = "any" | "text" | "number" | "time" | "list" | "path";

/** Every helper beside Handlebars' own blocks `if`, `unless`, `each` and `with`; what is not here is refused. */
export const HELPERS: ReadonlyMap<string, Helper> = new Map<string, Helper>([
  [
    "date",
    {
      doc: 'A day, or with style="datetime" a day and time, in the reader\'s time zone; with style="utc" the day in UTC, as summaries write it.',
      params: [{ name: "time", takes: "time" }],
      options: { style: { takes: "text", values: ["date", "datetime", "utc"] } },
      gives: "text",
      run: ([time], { style }) =>
        style === "utc" ? utcDay(time) : moment(time, style === "datetime" ? "datetime" : "date"),
    },
  ],
  [
    "relative",
    {
      doc: "How far a time is from now, kept up to date where the platform can.",
      params: [{ name: "time", takes: "time" }],
      options: {},
      gives: "text",
      run: ([time]) => moment(time, "relative"),
    },
  ],
  [
    "money",
    {
      doc: "An amount in minor units with its currency, such as $49.00.",
      params: [
        { name: "amount", takes: "number" },
        { name: "currency", takes: "text" },
      ],
      options: {},
      gives: "text",
      run: ([amount, currency]) =>
        typeof amount === "number" ? formatMoney(amount, textOf(currency)) : textOf(amount),
    },
  ],
  [
    "plural",
    {
      doc: "A number and its word: 1 seat, 3 seats; the third argument is the plural where an s will not do.",
      params: [
        { name: "count", takes: "number" },
        { name: "one", takes: "text" },
        { name: "many", takes: "text", isOptional: true },
      ],
      options: {},
      gives: "text",
      run: ([count, one, many]) => plural(count, textOf(one), textOf(many)),
    },
  ],
  [
    "truncate",
    {
      doc: "The text in at most so many characters, with an ellipsis where it was cut.",
      params: [
        { name: "text", takes: "text" },
        { name: "max", takes: "number" },
      ],
      options: {},
      gives: "text",
      run: ([text, max]) => cut(textOf(text), max),
    },
  ],
  [
    "link",
    {
      doc: "A link to an address, which must be http, https or mailto, else the label alone.",
      params: [
        { name: "url", takes: "text" },
        { name: "label", takes: "text", isOptional: true },
      ],
      options: {},
      gives: "text",
      run: ([url, label]) => link(textOf(url), label),
    },
  ],
  [
    "upper",
    {
      doc: "The text in capital letters.",
      params: [{ name: "text", takes: "text" }],
      options: {},
      gives: "text",
      run: ([text]) => textOf(text).toUpperCase(),
    },
  ],
  [
    "json",
    {
      doc: "Any value as JSON.",
      params: [{ name: "value", takes: "any" }],
      options: {},
      gives: "text",
      run: ([value]) => JSON.stringify(value instanceof Rich ? value.toString() : (value ?? null)),
    },
  ],
  ["eq", comparison("Whether two values are the same.", "any", (a, b) => same(a, b))],
  ["ne", comparison("Whether two values differ.", "any", (a, b) => !same(a, b))],
  ["gt", comparison("Whether the first is more, or later.", "text", (a, b) => order(a, b) > 0)],
  ["lt", comparison("Whether the first is less, or earlier.", "text", (a, b) => order(a, b) < 0)],
  [
    "and",
    {
      doc: "The last value if all hold something, else the first that does not.",
      params: [
        { name: "value", takes: "any" },
        { name: "value", takes: "any" },
      ],
      repeatsLast: true,
      options: {},
      gives: "argument",
      run: (given) => given.find((value) => !holds(value)) ?? given.at(-1),
    },
  ],
  [
    "or",
    {
      doc: "The first value that holds something, else the last.",
      params: [
        { name: "value", takes: "any" },
        { name: "value", takes: "any" },
      ],
      repeatsLast: true,
      options: {},
      gives: "argument",
      run: (given) => given.find(holds) ?? given.at(-1),
    },
  ],
  [
    "not",
    {
      doc: "Whether a value holds nothing: absent, false, 0, an empty text or list.",
      params: [{ name: "value", takes: "any" }],
      options: {},
      gives: "boolean",
      run: ([value]) => !holds(value),
    },
  ],
  [
    "default",
    {
      doc: "The first value that is there: not absent, not an empty text or list.",
      params: [
        { name: "value", takes: "any" },
        { name: "otherwise", takes: "any" },
      ],
      repeatsLast: true,
      options: {},
      gives: "argument",
      run: (given) => given.find((value) => !isNothing(value)),
    },
  ],
  [
    "join",
    {
      doc: "The elements of a list as a, b and c, or with a separator between them; of= picks a path in each element, kind= the changes of one kind.",
      params: [
        { name: "list", takes: "list" },
        { name: "separator", takes: "text", isOptional: true },
      ],
      options: { of: { takes: "path" }, kind: { takes: "text", values: CHANGE_KINDS } },
      gives: "text",
      run: ([list, separator], options) => join(list, separator, options),
    },
  ],
  [
    "shared",
    {
      doc: "What all elements of a list have in common, else nothing; of= picks a path in each element.",
      params: [{ name: "list", takes: "list" }],
      options: { of: { takes: "path" } },
      gives: "text",
      run: ([list], options) => shared(list, options),
    },
  ],
]);

function comparison(
  doc: string,
  takes: "any" | "text",
  run: (a: unknown, b: unknown) => boolean,
): Helper {
  return {
    doc,
    params: [
      { name: "value", takes },
      { name: "other", takes },
    ],
    options: {},
    compares: true,
    gives: "boolean",
    run: ([a, b]) => run(a, b),
  };
}

/** A time to be shown in the reader's own zone; a text that is no ISO 8601 time stays as it is. */
function moment(value: unknown, style: TimeStyle): Rich | string {
  const text = textOf(value);
  const time = instant(text);
  if (time === undefined) return text;
  const day = longDate(time);
  const fallback = style === "date" ? day : `${day}, ${time.slice(11, 16)} UTC`;
  return new Rich([{ type: "time", time, style, fallback }]);
}

/** The day of a time in UTC; a text that is no ISO 8601 time stays as it is. */
function utcDay(value: unknown): string {
  const text = textOf(value);
  return longDate(instant(text) ?? text);
}

/** The time in UTC and milliseconds; a time without a zone is in UTC. */
export function instant(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+)(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text.trim());
  if (parts === null) return undefined;
  const [, day, clock = "00:00", zone = "Z"] = parts;
  const date = new Date(`${day}T${clock}${zone}`);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const counts = new Intl.NumberFormat("en-US");

function plural(count: unknown, one: string, many: string): string {
  if (typeof count !== "number") return textOf(count);
  return `${counts.format(count)} ${count === 1 ? one : many === "" ? `${one}s` : many}`;
}

/** The text as it is where `max` is no number. */
function cut(text: string, max: unknown): string {
  const most = typeof max === "string" && max.trim() !== "" ? Number(max) : max;
  return typeof most === "number" && !Number.isNaN(most) ? truncate(text, Math.max(1, most)) : text;
}

function link(address: string, label: unknown): Rich | string {
  const url = safeUrl(address);
  const shown: readonly Inline[] = inlinesOf(isNothing(label) ? address : label);
  return new Rich(url === null ? shown : [{ type: "link", url, children: shown }]);
}

function same(a: unknown, b: unknown): boolean {
  return comparable(a) === comparable(b);
}

/** What a helper made of a time or an address is compared by the text it shows. */
function comparable(value: unknown): unknown {
  return value instanceof Rich ? value.toString() : (value ?? null);
}

/** Negative, zero or positive for two numbers or two texts (times, for instance); anything else has no order. */
function order(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : Number(a > b);
  return Number.NaN;
}

/** What `{{#if}}` takes for true. */
function holds(value: unknown): boolean {
  if (value instanceof Rich) return value.inlines.length > 0;
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function isNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    (value instanceof Rich && value.inlines.length === 0) ||
    (Array.isArray(value) && value.length === 0)
  );
}

const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

function join(
  value: unknown,
  separator: unknown,
  { of, kind }: { readonly [name: string]: unknown },
): string {
  if (!Array.isArray(value)) return textOf(value);
  const texts = value
    .filter((element) => kind === undefined || at(element, "kind") === kind)
    .map((element) => textOf(typeof of === "string" ? at(element, of) : element))
    .filter((text) => text !== "");
  return typeof separator === "string" ? texts.join(separator) : list.format(texts);
}

function shared(value: unknown, { of }: { readonly [name: string]: unknown }): string {
  if (!Array.isArray(value)) return textOf(value);
  const texts = value.map((element) => textOf(typeof of === "string" ? at(element, of) : element));
  const [first = ""] = texts;
  return texts.every((text) => text === first) ? first : "";
}

/** The value at a dotted path of own properties. */
function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name))
      return undefined;
    found = (found as { readonly [name: string]: unknown })[name];
  }
  return found;
}

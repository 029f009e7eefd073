import { isDeepStrictEqual } from "node:util";
import { thereAre } from "../config/yaml/name-list.ts";
import type { Path } from "../config/yaml/path.ts";
import type { Change } from "../core/change.ts";
import { didYouMean } from "../core/suggest.ts";
import type { Processed } from "../store/store.ts";
import { partOf } from "./part-of.ts";
import { type ShownMessage, wholeText } from "./shown-message.ts";
import type { Expectations, MessageExpectations } from "./trial-file.ts";

/** What came of a test's payload. */
export interface Came {
  readonly status: Processed["status"];
  readonly changes: readonly Change[];
  /** The names of the routes that took it, in their order. */
  readonly routes: readonly string[];
  /** By the names of the destinations. */
  readonly messages: ReadonlyMap<string, ShownMessage>;
}

/** An expectation that was not met. */
export interface Miss {
  /** Where it stands, or would stand, in the test file. */
  readonly path: Path;
  /** What is wrong, where the two values do not say it by themselves. */
  readonly note?: string;
  /** Absent where nothing is expected yet. */
  readonly expected?: unknown;
  /** Of what came, as much as was asked for. */
  readonly actual?: unknown;
  /** What would make it right: a value to write there, or that it goes; absent where a person must decide. */
  readonly fix?: { readonly write: unknown } | "remove";
}

/** Everything in which what came differs from what was expected, in the order of the file's documentation. */
export function missesOf(
  expect: Expectations | null | undefined,
  path: Path,
  came: Came,
): readonly Miss[] {
  if (expect === null || expect === undefined || Object.keys(expect).length === 0)
    return [unwritten(path, everything(came))];
  const { status, changes, routes, sent, messages } = expect;
  const destinations = [...came.messages.keys()];
  return [
    ...compare([...path, "status"], status, came.status),
    ...compare([...path, "changes"], changes, changesLike(came.changes, changes)),
    ...compareNames([...path, "routes"], routes, came.routes),
    ...compareNames([...path, "sent"], sent, destinations),
    ...messageMisses([...path, "messages"], messages, came.messages),
  ];
}

/** What is written where nothing is expected yet. */
function everything({ status, changes, routes, messages }: Came): object {
  const kinds = changes.map(({ kind }) => kind);
  if (status !== "sent") return { status, ...(kinds.length === 0 ? {} : { changes: kinds }) };
  return { changes: kinds, routes, sent: [...messages.keys()], messages: summaries(messages) };
}

function summaries(messages: Came["messages"]): object {
  return Object.fromEntries([...messages].map(([name, { summary }]) => [name, { summary }]));
}

function unwritten(path: Path, actual: unknown): Miss {
  return { path, note: "Nothing is expected here yet.", actual, fix: { write: actual } };
}

/** `undefined` is expected of nothing, and `null` is yet to be written. */
function compare(path: Path, expected: unknown, actual: unknown): Miss[] {
  if (expected === undefined || isDeepStrictEqual(expected, actual)) return [];
  if (expected === null) return [unwritten(path, actual)];
  return [{ path, expected, actual, fix: { write: actual } }];
}

/** Of each change as much as is expected of the one in its place, else its kind. */
function changesLike(changes: readonly Change[], expected: Expectations["changes"]): unknown[] {
  return changes.map((one, index) => {
    const wanted = expected?.[index];
    return typeof wanted === "object" ? partOf(one, wanted) : one.kind;
  });
}

/** Names in any order; those that came are told in the order of those that were expected. */
function compareNames(
  path: Path,
  expected: readonly string[] | null | undefined,
  names: readonly string[],
): Miss[] {
  if (expected === null || expected === undefined) return compare(path, expected, names);
  const distinct = [...new Set(expected)];
  const known = distinct.filter((name) => names.includes(name));
  const others = names.filter((name) => !distinct.includes(name));
  return compare(path, distinct, [...known, ...others]);
}

function messageMisses(
  path: Path,
  expected: Expectations["messages"],
  messages: Came["messages"],
): Miss[] {
  if (expected === undefined) return [];
  if (expected === null) return [unwritten(path, summaries(messages))];
  const entries = Object.entries(expected);
  if (entries.length > 0 && entries.every(([name]) => !messages.has(name)))
    return [{ path, note: "No message is sent to any of these.", fix: "remove" }];
  return entries.flatMap(([name, wanted]) => {
    const at = [...path, name];
    const message = messages.get(name);
    if (message === undefined)
      return [{ path: at, note: `No message is sent to "${name}".`, fix: "remove" as const }];
    if (wanted === null) return [unwritten(at, { summary: message.summary })];
    return partMisses(at, wanted, message);
  });
}

const TEXTS = ["route", "template", "summary", "title", "link", "tone", "body", "footer"] as const;
const LABELED = [
  ["fields", "field"],
  ["buttons", "button"],
] as const;

function partMisses(path: Path, wanted: MessageExpectations, message: ShownMessage): Miss[] {
  return [
    // A text in several lines ends in a line break that nobody means.
    ...TEXTS.flatMap((key) =>
      compare([...path, key], wanted[key]?.trimEnd() ?? wanted[key], message[key].trimEnd()),
    ),
    ...LABELED.flatMap(([key, noun]) =>
      compare([...path, key], wanted[key], partOf(message[key], wanted[key])).map((miss) => ({
        ...miss,
        ...absentLabel(noun, wanted[key] ?? {}, message[key]),
      })),
    ),
    ...compare([...path, "request"], wanted.request, partOf(message.request, wanted.request)),
    ...textMisses(path, wanted, wholeText(message)),
  ];
}

/** A note on the first label that the message does not have. */
function absentLabel(noun: string, wanted: object, labels: object): Pick<Miss, "note"> {
  const absent = Object.keys(wanted).find((label) => !Object.hasOwn(labels, label));
  if (absent === undefined) return {};
  const known = Object.keys(labels);
  const others = didYouMean(absent, known) || thereAre(known);
  return { note: `The message has no ${noun} "${absent}".${others}` };
}

function textMisses(
  path: Path,
  { contains = [], not_contains: unwelcome = [] }: MessageExpectations,
  text: string,
): Miss[] {
  const missing = contains.filter((one) => !text.includes(one.trimEnd()));
  const unwanted = unwelcome.filter((one) => text.includes(one.trimEnd()));
  const tell = (key: string, note: string) => ({ path: [...path, key], note, actual: text });
  return [
    ...missing.map((one) => tell("contains", `Nowhere in the message stands ${quoted(one)}.`)),
    ...unwanted.map((one) => tell("not_contains", `In the message stands ${quoted(one)}.`)),
  ];
}

function quoted(text: string): string {
  return JSON.stringify(text.trimEnd());
}

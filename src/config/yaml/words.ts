import { z } from "zod";
import { didYouMean } from "../../core/suggest.ts";
import { meantBesideMatch, meantByKind, meantByTest } from "./beginner.ts";
import { type Flaw, flaw } from "./flaw.ts";
import { nameList, thereAre } from "./name-list.ts";
import { type Path, valueAt } from "./path.ts";
import { type FoundIssue, optionsOf, UNWORDED } from "./repair.ts";
import { insideRoute } from "./route-path.ts";
import { descriptionAt, keysAt, schemaAt } from "./schema-at.ts";
import type { ScalarNote } from "./values.ts";

type Issue = z.core.$ZodIssue;

/** What the words for an issue are made from. */
export interface Wording {
  readonly schema: z.ZodType;
  /** What the whole file is called; `the config` unless given. */
  readonly whole?: string;
  /** The value that the issue was found in. */
  readonly value: unknown;
  /** What is known of the scalar at a path of that value. */
  readonly scalarAt: (path: Path) => ScalarNote | undefined;
}

/** Keys of a route that this version refuses, though the documentation speaks of them. */
const LATER: ReadonlySet<string> = new Set(["digest", "mode", "mute"]);

/** The flaws behind one issue of the schema, in words for the person who wrote the value. */
export function flawsOf({ issue, value }: FoundIssue, wording: Omit<Wording, "value">): Flaw[] {
  const full: Wording = { ...wording, value };
  const path = issue.path as Path;
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => flaw([...path, key], unknownKey(path, key, full), "key"));
  if (issue.code === "invalid_union" && issue.discriminator !== undefined)
    return [unknownType(issue, full)];
  if (issue.code === "invalid_key")
    return [flaw(path, issue.issues[0]?.message ?? "This is not a name.", "key")];
  const misplaced = besideMatch(path);
  if (misplaced !== undefined) return [flaw(path, misplaced, "key")];
  return [flaw(path, sentence(issue, path, full))];
}

function besideMatch(path: Path): string | undefined {
  const [key, name, ...rest] = insideRoute(path) ?? [];
  return key === "match" && rest.length === 0 ? meantBesideMatch(String(name)) : undefined;
}

function unknownKey(path: Path, key: string, wording: Wording): string {
  const { schema, value } = wording;
  const isRoute = insideRoute(path)?.length === 0;
  if (LATER.has(key) && (isRoute || path.length === 0)) return `\`${key}\` is not supported yet.`;
  const isCondition = insideRoute(path)?.[0] === "match" && path.at(-1) !== "match";
  const helped = isCondition ? meantByTest(path, key) : undefined;
  if (helped !== undefined) return helped;
  const known = keysAt(schema, value, path);
  const parent = valueAt(value, path);
  const free = known.filter(
    (one) => typeof parent !== "object" || !Object.hasOwn(parent ?? {}, one),
  );
  const meant = didYouMean(key, free);
  const choice = known.length > 1 ? ` It can have ${nameList(known, "and")}.` : "";
  return `${capital(nounOf(path, wording))} has no "${key}".${meant === "" ? choice : meant}`;
}

function unknownType(issue: z.core.$ZodIssueInvalidUnion, { value }: Wording): Flaw {
  const key = issue.discriminator ?? "type";
  const path = issue.path as Path;
  const parentPath = path.at(-1) === key ? path.slice(0, -1) : path;
  const parent = valueAt(value, parentPath);
  const { noun, called } = UNIONS.get(String(parentPath[0])) ?? { noun: "entry", called: key };
  const types = optionsOf(issue);
  const given = valueAt(parent, [key]);
  if (given !== undefined && typeof given !== "string")
    return flaw([...parentPath, key], `\`${key}\` must be ${nameList(types, "or")}.`);
  if (given !== undefined) {
    const meant = didYouMean(given, types);
    const choice = meant === "" ? thereAre(types) : meant;
    return flaw([...parentPath, key], `There is no ${called} called "${given}".${choice}`);
  }
  return flaw([...parentPath, key], `A ${noun} needs \`${key}\`: ${nameList(types, "or")}.`);
}

/** Where entries are told apart by one of their keys: what an entry is called, and what that key names. */
const UNIONS: ReadonlyMap<string, { readonly noun: string; readonly called: string }> = new Map([
  ["sources", { noun: "source", called: "source type" }],
  ["destinations", { noun: "destination", called: "destination type" }],
  ["rules", { noun: "rule", called: "fault" }],
]);

function sentence(issue: Issue, path: Path, wording: Wording): string {
  const given = valueAt(wording.value, path);
  const name = `\`${nameOf(path)}\``;
  const own = issue.message.replace(UNWORDED, "");
  if (given === undefined && own === "") return missing(path, wording);
  const note = wording.scalarAt(path);
  if (note?.isComment) return `${name} is empty: a \`#\` begins a comment. Put the text in quotes.`;
  if (own !== "") return /^[a-z]/.test(own) ? `${name} ${own}` : own;
  if (given === null) return `${name} has no value here. It must be ${expected(path, wording)}.`;
  if (given === "" && note?.interpolated)
    return `${name} is empty, since ${note.shown} holds nothing.`;
  return `${name} must be ${expected(path, wording)}.${hint(given, path, wording)}`;
}

function missing(path: Path, wording: Wording): string {
  const { schema, value } = wording;
  const purpose = descriptionAt(schema, value, path)?.replace(/\.$/, "");
  const what = purpose === undefined ? "" : `: ${purpose.replace(/^[A-Z](?=[a-z])/, lower)}`;
  return `${capital(nounOf(path.slice(0, -1), wording))} needs \`${nameOf(path)}\`${what}.`;
}

/** What the schema asks for at a path, after "must be". */
function expected(path: Path, { schema, value }: Wording): string {
  return form(schemaAt(schema, value, path).at(-1));
}

function form(schema: z.ZodType | undefined): string {
  if (schema instanceof z.ZodString)
    return (schema.minLength ?? 0) > 0 ? "text, not empty" : "text";
  if (schema instanceof z.ZodNumber) return numberForm(schema);
  if (schema instanceof z.ZodBoolean) return "`true` or `false`";
  if (schema instanceof z.ZodNull) return "`null`";
  if (schema instanceof z.ZodArray) return listForm(schema);
  if (schema instanceof z.ZodEnum) return nameList(schema.options.map(String), "or");
  if (schema instanceof z.ZodLiteral) return nameList([...schema.values].map(String), "or");
  if (schema instanceof z.ZodUnion) {
    const forms = schema.options.map((option) => form(option as z.ZodType));
    return [...new Set(forms)].join(" or ");
  }
  return "a group of settings, each on its own line as `key: value`";
}

function numberForm(schema: z.ZodNumber): string {
  const { minValue, maxValue } = schema;
  const isWhole = schema.format === "safeint" || schema.format === "int32";
  const kind = isWhole ? "a whole number" : "a number";
  const least = isBound(minValue) ? minValue : null;
  const most = isBound(maxValue) ? maxValue : null;
  if (least !== null && most !== null) return `${kind} from ${least} to ${most}`;
  if (least !== null) return `${kind}, ${least} or more`;
  return most === null ? kind : `${kind}, ${most} or less`;
}

function isBound(value: number | null): value is number {
  return value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
}

function listForm(schema: z.ZodArray): string {
  return schema.safeParse([]).success ? "a list" : "a list with at least one entry";
}

/** How to write what was probably meant. */
function hint(given: unknown, path: Path, { schema, value, scalarAt }: Wording): string {
  const wanted = schemaAt(schema, value, path).at(-1);
  const note = scalarAt(path);
  if (wanted instanceof z.ZodString && (typeof given === "number" || typeof given === "boolean"))
    return note === undefined ? "" : ` Put it in quotes: "${note.shown}".`;
  const meant = meantByKind(path, given);
  if (meant !== "") return meant;
  if (wanted instanceof z.ZodArray && typeof given === "string")
    return " Put it in brackets: `[…]`.";
  return "";
}

/** What the settings at a path belong to, in words. */
function nounOf(path: Path, { value, whole = "the config" }: Wording): string {
  const [top] = path;
  const inner = insideRoute(path);
  if (top === undefined) return whole;
  if (inner?.length === 0) return "a route";
  if (path.length === 2 && top === "rules") return "a rule";
  if (path.length === 2 && top === "tests") return "a test";
  if (path.length === 2 && (top === "sources" || top === "destinations")) {
    const type = valueAt(value, [...path, "type"]);
    const kind = top === "sources" ? "source" : "destination";
    return typeof type === "string" ? `a ${type} ${kind}` : `a ${kind}`;
  }
  if (inner?.[0] === "match" && inner.length > 1) return "a condition";
  return `\`${nameOf(path)}\``;
}

function nameOf(path: Path): string {
  const last = path.findLast((step) => typeof step === "string") ?? "config";
  const index = path.at(-1);
  return typeof index === "number" ? `${last}[${index}]` : last;
}

function capital(text: string): string {
  return text.replace(/^[a-z]/, (first) => first.toUpperCase());
}

function lower(text: string): string {
  return text.toLowerCase();
}

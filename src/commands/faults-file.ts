import { dirname } from "node:path";
import { ConfigError } from "../config/config-error.ts";
import { configText } from "../config/config-text.ts";
import { renderProblems } from "../config/diagnostics.ts";
import { type Flaw, flaw } from "../config/flaw.ts";
import { thereAre } from "../config/name-list.ts";
import { entriesOf, type Path } from "../config/path.ts";
import { readWith } from "../config/repair.ts";
import { shownPath } from "../config/shown-path.ts";
import { flawsOf } from "../config/words.ts";
import { parseYaml, type YamlSource } from "../config/yaml-source.ts";
import { readValues } from "../config/yaml-values.ts";
import type { Problem } from "../core/problem.ts";
import { didYouMean } from "../core/suggest.ts";
import { FaultsFile, type Rehearsal, rehearsalOf } from "../sandbox/faults-file.ts";
import { CALLS } from "../sandbox/sandbox.ts";

/** Reads a file of faults. Rejects with a `ConfigError` that tells every mistake at its place. */
export async function readFaults(file: string, env: NodeJS.ProcessEnv): Promise<Rehearsal> {
  const shown = shownPath(file);
  const text = await configText(shown);
  if (typeof text !== "string") throw mistakes([{ ...text, message: unread(text) }]);
  const source = parseYaml(text);
  const { flaws, settings } = examine(source, { variables: env, folder: dirname(shown) });
  if (settings !== undefined && flaws.length === 0) return rehearsalOf(settings);
  throw mistakes(located(flaws, source, shown));
}

function mistakes(problems: readonly Problem[]): ConfigError {
  return new ConfigError(renderProblems(problems), problems);
}

/** What is told of a config that is not there makes no sense for this file. */
function unread({ message }: Problem): string {
  return message.startsWith("There is no such file") ? "There is no such file." : message;
}

interface Examined {
  readonly flaws: readonly Flaw[];
  readonly settings?: FaultsFile;
}

function examine(source: YamlSource, surroundings: Parameters<typeof readValues>[1]): Examined {
  if (!source.isReadable) return { flaws: source.flaws };
  const values = readValues(source, surroundings);
  if (typeof values.value !== "object" || values.value === null || Array.isArray(values.value))
    return {
      flaws: [...source.flaws, flaw([], "This file begins with `rules:`, and a list below it.")],
    };
  const reading = readWith(FaultsFile, values.value, values);
  const scalarAt = (path: Path) => values.scalarAt(reading.original(path));
  const wording = { schema: FaultsFile, whole: "this file", scalarAt };
  const found = [
    ...reading.issues.flatMap((one) => flawsOf(one, wording)),
    ...crossCheck(reading.value),
  ]
    .map((one) => ({ ...one, path: reading.original(one.path) }))
    .filter(({ path }) => !values.isUnresolved(path));
  const flaws = [...source.flaws, ...values.flaws, ...found];
  if (reading.output === undefined) return { flaws };
  return { flaws, settings: reading.output as FaultsFile };
}

/** Of each rule what the schema cannot tell, whatever else is wrong with it: what fits the platform and what does not. */
function crossCheck(value: unknown): Flaw[] {
  const { rules } = value as { readonly rules?: unknown };
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown, index) =>
    checkRule(new Map(entriesOf(rule)), ["rules", index]),
  );
}

function checkRule(rule: ReadonlyMap<string, unknown>, path: Path): Flaw[] {
  const platform = rule.get("platform");
  if (platform !== "slack" && platform !== "discord") return [];
  return CHECKS.flatMap(([key, check]) => {
    const message = rule.has(key) ? check(rule.get(key), platform) : undefined;
    return message === undefined ? [] : [flaw([...path, key], message)];
  });
}

type Check = (given: unknown, platform: "slack" | "discord") => string | undefined;

const CHECKS: readonly (readonly [key: string, check: Check])[] = [
  ["call", checkCall],
  ["scope", checkScope],
  ["code", checkCode],
];

function checkCall(given: unknown, platform: keyof typeof CALLS): string | undefined {
  const calls = CALLS[platform];
  if (typeof given !== "string" || calls.includes(given)) return undefined;
  const meant = didYouMean(given, calls) || thereAre(calls);
  return `${NAMES[platform]} has no call "${given}" here.${meant}`;
}

const NAMES = { slack: "Slack", discord: "Discord" };

function checkScope(given: unknown, platform: string): string | undefined {
  if ((given === "method") === (platform === "slack")) return undefined;
  return platform === "slack"
    ? "Slack's limits are for a method: leave `scope` away."
    : '`method` is for Slack. Discord has "bucket", "shared", "global" and "network".';
}

function checkCode(given: unknown, platform: string): string | undefined {
  if (platform === "slack" && typeof given === "number")
    return "Slack's errors are words, such as `channel_not_found`.";
  if (platform === "discord" && typeof given === "string")
    return "Discord's errors are numbers, such as `50013`.";
  return undefined;
}

function located(flaws: readonly Flaw[], source: YamlSource, file: string): Problem[] {
  const lines = source.text.split(/\r\n|\n|\r/);
  return flaws
    .map((one) => source.locate(one, file))
    .map((problem) => ({ ...problem, excerpt: lines[problem.line - 1] ?? "" }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

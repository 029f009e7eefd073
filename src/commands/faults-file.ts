import { dirname } from "node:path";
import { ConfigError } from "../config/yaml/config-error.ts";
import { renderProblems } from "../config/yaml/diagnostics.ts";
import { type Flaw, flaw } from "../config/yaml/flaw.ts";
import { thereAre } from "../config/yaml/name-list.ts";
import { entriesOf, type Path } from "../config/yaml/path.ts";
import { shownPath } from "../config/yaml/shown-path.ts";
import { examineFile, locateFlaws, yamlText } from "../config/yaml/file.ts";
import { parseYaml } from "../config/yaml/source.ts";
import type { Problem } from "../core/problem.ts";
import { didYouMean } from "../core/suggest.ts";
import { FaultsFile, type Rehearsal, rehearsalOf } from "../sandbox/faults-file.ts";
import { CALLS } from "../sandbox/sandbox.ts";

/** Reads a file of faults. Rejects with a `ConfigError` that tells every mistake at its place. */
export async function readFaults(file: string, env: NodeJS.ProcessEnv): Promise<Rehearsal> {
  const shown = shownPath(file);
  const text = await yamlText(shown);
  if (typeof text !== "string") throw mistakes([text]);
  const source = parseYaml(text);
  const { flaws, settings } = examineFile(source, {
    schema: FaultsFile,
    beginning: "This file begins with `rules:`, and a list below it.",
    surroundings: { variables: env, folder: dirname(shown) },
    check: crossCheck,
  });
  if (settings !== undefined && flaws.length === 0) return rehearsalOf(settings);
  throw mistakes(locateFlaws(flaws, source, shown));
}

function mistakes(problems: readonly Problem[]): ConfigError {
  return new ConfigError(renderProblems(problems), problems);
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

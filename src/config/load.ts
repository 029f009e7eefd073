import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Problem } from "../core/problem.ts";
import type { Templates } from "../render/rendered.ts";
import { UnreadableTemplates } from "../render/template-files.ts";
import { loadTemplates } from "../render/templates.ts";
import { ConfigError } from "./yaml/config-error.ts";
import { configText } from "./yaml/config-text.ts";
import type { Config } from "./config.ts";
import { renderProblems } from "./yaml/diagnostics.ts";
import { environmentOf, unreadable } from "./yaml/environment.ts";
import { examine } from "./examine.ts";
import { marksOf, SHIPPED } from "./fingerprint.ts";
import { madeFlaws } from "./made-check.ts";
import { maskSecrets } from "./mask.ts";
import { type Origins, originsOf, valuesOf } from "./origins.ts";
import { fillMissing } from "./placeholders.ts";
import { hideForms } from "./yaml/secret-form.ts";
import { shownPath } from "./yaml/shown-path.ts";
import { useProblems } from "./template-check.ts";
import { templateUses } from "./template-uses.ts";
import { parseYaml } from "./yaml/source.ts";

/** What came of checking a config. */
export interface Checked {
  /** Absent when there is an error among the problems. */
  readonly config?: Config;
  /** Errors and warnings, in order of place. */
  readonly problems: readonly Problem[];
  /** The problems as `check` prints them; empty when there are none. */
  readonly text: string;
  /** What was read, or looked for. */
  readonly origins: Origins;
}

/** Reads a config and its templates. Throws a `ConfigError` with everything that is wrong, warnings included. */
export async function loadConfig(
  file: string,
  env: NodeJS.ProcessEnv,
  options?: CheckOptions,
): Promise<Config> {
  const { config, problems, text } = await checkConfig(file, env, options);
  if (config === undefined) throw new ConfigError(text, problems);
  return config;
}

/** How a config is checked. */
export interface CheckOptions {
  /** Whether its problems are for a terminal. */
  readonly color?: boolean;
  /** Whether secrets, addresses and channels that are not set are stood in for, where nothing is to be sent. */
  readonly fillsMissing?: boolean;
}

/** Checks a config and its templates, and says everything that is wrong at once. */
export async function checkConfig(
  file: string,
  env: NodeJS.ProcessEnv,
  { color = false, fillsMissing = false }: CheckOptions = {},
): Promise<Checked> {
  const shown = shownPath(file);
  const folder = dirname(shown);
  const text = await configText(shown);
  if (typeof text !== "string") return told([text], color, originsOf(shown, folder, ""));
  const origins = originsOf(shown, folder, text);
  const source = parseYaml(text);
  const { templates, unread } = await templatesOf(folder);
  const environment = await environmentOf(folder, env);
  const isPartial = environment.problems.length > 0;
  const surroundings = { variables: environment.variables, folder, isPartial };
  // Read before the config itself is: a file that changes in between makes for one check too many, and none too few.
  const values = valuesOf(text, surroundings);
  if (fillsMissing) fillMissing(source.document, surroundings);
  const { flaws, build, reaches, platforms } = examine(source, {
    file,
    templateNames: unread.length === 0 ? templates.names : undefined,
    surroundings,
  });
  const built = build?.();
  const made = built === undefined ? [] : madeFlaws(built);
  const uses = templateUses({ reaches, platforms, sheets: templates.sheets });
  const used = built === undefined || unread.length > 0 ? [] : uses.flaws;
  const located = [...flaws, ...made, ...used].map((found) => source.locate(found, shown));
  const found = inOrder(shown, [
    ...located,
    ...environment.problems,
    ...unread,
    ...templates.problems,
    ...(built === undefined ? [] : useProblems(uses.uses, templates)),
  ]);
  const problems = await withExcerpts(found, shown, maskSecrets(text, source.document));
  const checked = told(problems, color, origins);
  if (built === undefined || problems.some(isError)) return checked;
  const marks = marksOf(text, templates.fingerprint, values);
  return { ...checked, config: { ...built, ...marks, templates, warnings: problems } };
}

/** The templates, the shipped ones alone where those beside the config cannot be read. */
async function templatesOf(
  folder: string,
): Promise<{ readonly templates: Templates; readonly unread: readonly Problem[] }> {
  try {
    const own = join(folder, "templates");
    return { templates: await loadTemplates({ own, shipped: SHIPPED }), unread: [] };
  } catch (error) {
    if (!(error instanceof UnreadableTemplates)) throw error;
    const templates = await loadTemplates({ own: null, shipped: SHIPPED });
    return { templates, unread: [{ ...unreadable(error.file, ""), message: error.message }] };
  }
}

function told(problems: readonly Problem[], color: boolean, origins: Origins): Checked {
  return { problems, text: renderProblems(problems, { color }), origins };
}

function isError(problem: Problem): boolean {
  return problem.severity === "error";
}

/** The problems without doubles (an alias makes one mistake appear twice), the config's own first. */
function inOrder(file: string, problems: readonly Problem[]): Problem[] {
  const distinct = new Map(
    problems.map((one) => [`${one.file}:${one.line}:${one.column}:${one.message}`, one]),
  );
  const rank = (one: Problem) => (one.file === file ? 0 : 1);
  return [...distinct.values()].toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
      a.line - b.line ||
      a.column - b.column,
  );
}

/** The problems with the lines they stand in; a file that has gone meanwhile is shown without. */
async function withExcerpts(
  problems: readonly Problem[],
  file: string,
  text: string,
): Promise<Problem[]> {
  const texts = new Map<string, string | undefined>([[file, text]]);
  for (const { file: other } of problems) {
    if (!texts.has(other)) texts.set(other, await readFile(other, "utf8").catch(() => undefined));
  }
  return problems.map((found) => {
    const problem = { ...found, path: hideForms(found.path), message: hideForms(found.message) };
    const excerpt = texts.get(found.file)?.split(/\r\n|\n|\r/)[found.line - 1];
    return excerpt === undefined ? problem : { ...problem, excerpt: hideForms(excerpt) };
  });
}

import { existsSync } from "node:fs";
import { join } from "node:path";
import { environmentOf } from "../../config/yaml/environment.ts";
import { checkConfig } from "../../config/load.ts";
import { usageError } from "../failure.ts";
import { envFile } from "./env-file.ts";
import { addLines, inTheWay, writeTogether } from "./new-files.ts";
import type { Plan } from "./plan.ts";
import { starterFiles } from "./starter-files.ts";
import { variablesOf } from "./variables.ts";

/** What came of writing a new configuration. */
export interface Initialized {
  /** The files of the configuration itself, without schemas and samples. */
  readonly written: readonly string[];
  /** The variables without a value, neither in the environment nor in `.env`. */
  readonly missing: readonly string[];
}

/** What stays out of version control: secrets, and the store with customers' data. */
const IGNORED = [".env", "data/"];

/**
 * Writes a new configuration into a folder, all of it or nothing. Rejects with a usage error when files are in the way
 * and `force` is not set, and when the plan makes no right config.
 */
export async function initialize(
  folder: string,
  plan: Plan,
  { force }: { readonly force: boolean },
): Promise<Initialized> {
  const files = await starterFiles(plan);
  if (!force) refuse(await inTheWay(folder, files));
  // What people have put into it is nowhere else.
  const hasEnv = existsSync(join(folder, ".env"));
  const env = { path: ".env", text: envFile(plan), mode: 0o600 };
  await writeTogether(folder, hasEnv ? files : [...files, env], (stage) => approve(stage, plan));
  await addLines(join(folder, ".gitignore"), IGNORED);
  const own = ["config.yaml", "config.test.yaml", ".env.example"];
  return { written: hasEnv ? own : [...own, ".env"], missing: await missingIn(folder, plan) };
}

/** Refuses a folder that has a configuration, before questions are asked in vain. Throws a usage error. */
export function refuseConfigured(folder: string): void {
  refuse(["config.yaml"].filter((path) => existsSync(join(folder, path))));
}

function refuse(present: readonly string[]): void {
  if (present.length === 0) return;
  const what = present.length === 1 ? "is there already" : "are there already";
  throw usageError(
    `${present.join(", ")} ${what}; nothing was written.`,
    "Name another folder (bellhop init my-folder), or overwrite with --force: .env stays as it is even then.",
  );
}

/** Holds the new config against the same check as `bellhop check`, with values that stand for those to come. */
async function approve(stage: string, plan: Plan): Promise<void> {
  const stands = variablesOf(plan).map(({ name, stand }) => [name, stand] as const);
  const { problems } = await checkConfig(join(stage, "config.yaml"), Object.fromEntries(stands));
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw usageError(
    errors.map(({ path, message }) => `${path}: ${message}`).join("\n"),
    "Nothing was written: change the options, and try again.",
  );
}

async function missingIn(folder: string, plan: Plan): Promise<string[]> {
  const { variables } = await environmentOf(folder, process.env);
  return variablesOf(plan).flatMap(({ name }) => (variables[name] ? [] : [name]));
}

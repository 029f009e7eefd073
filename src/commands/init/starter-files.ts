import { readFile } from "node:fs/promises";
import { PACKAGE_FOLDER } from "../../package-folder.ts";
import { configFile } from "./config-file.ts";
import { envExample } from "./env-file.ts";
import type { NewFile } from "./new-files.ts";
import type { Plan } from "./plan.ts";
import { sourceStarter } from "./starters.ts";
import { trialFile } from "./trial-file.ts";

/** The files of a new configuration, beside `.env` and `.gitignore`, which may be there already. */
export async function starterFiles(plan: Plan): Promise<NewFile[]> {
  const types = [...new Set(plan.sources.map((one) => one.type))];
  const samples = types.flatMap((type) =>
    sourceStarter(type).samples.map((name) => `samples/${type}/${name}.json`),
  );
  return [
    { path: "config.yaml", text: configFile(plan) },
    { path: "config.test.yaml", text: trialFile(plan) },
    { path: ".env.example", text: envExample(plan) },
    await shipped("config.schema.json"),
    await shipped("test.schema.json"),
    ...(await Promise.all(samples.map(shipped))),
  ];
}

async function shipped(path: string): Promise<NewFile> {
  return { path, text: await readFile(new URL(path, PACKAGE_FOLDER), "utf8") };
}

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const ENDING = ".test.yaml";

/** How the files of configs end. */
const ENDINGS = [".yaml", ".yml"];

/** The folder beside a config that its tests may lie in. */
const FOLDER = "tests";

/**
 * The test files of a config: those beside it and in the folder `tests`, sorted. What is named for another config
 * beside it, as `config.example.test.yaml` is for `config.example.yaml`, is that one's.
 */
export async function findTrials(config: string): Promise<string[]> {
  const folder = dirname(config);
  const own = basename(config).replace(/\.ya?ml$/, "");
  const beside = await namesIn(folder);
  const isOthers = (name: string) => {
    const stem = name.slice(0, -ENDING.length);
    return stem !== own && ENDINGS.some((ending) => existsSync(join(folder, stem + ending)));
  };
  const below = await namesIn(join(folder, FOLDER));
  return [
    ...beside.filter((name) => !isOthers(name)).map((name) => join(folder, name)),
    ...below.map((name) => join(folder, FOLDER, name)),
  ];
}

/** Empty for a folder that is not there. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(ENDING)).toSorted();
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The commands of `bellhop` and the options of each, as `--help` tells them. */
export async function readHelp(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { stdout } = await run(process.execPath, ["src/main.ts", "--help"]);
  const names = [...stdout.matchAll(/^ {2}([a-z]+)(?: \[options\]| {2,})/gm)].map(
    ([, name = ""]) => name,
  );
  const entries = names.map(async (name) => [name, await optionsOf(name)] as const);
  return new Map(await Promise.all(entries));
}

async function optionsOf(command: string): Promise<ReadonlySet<string>> {
  const { stdout } = await run(process.execPath, ["src/main.ts", command, "--help"]);
  return new Set([...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, name = ""]) => name));
}

/** The calls of `bellhop` in a text, whichever way they are written, as words behind the program's name. */
export function callsIn(text: string): string[][] {
  const found = text
    .replaceAll(/[",[\]]/g, " ")
    .matchAll(/(?:\bbellhop --|^bellhop|src\/main\.ts) +([^\n#]+)/gm);
  return [...found].map(([, words = ""]) => words.trim().split(/\s+/));
}

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = new URL("..", import.meta.url).pathname;

/** Beside `src`, as templates and samples are found from there; not `dist`, which others build meanwhile. */
const FOLDER = ".bench";

let building: Promise<string> | undefined;

/** The `main.js` of the package as it is published, built once a run: sources would be measured with their types being stripped. */
export function built(): Promise<string> {
  building ??= build();
  return building;
}

async function build(): Promise<string> {
  const bundler = join(ROOT, "node_modules/rolldown/bin/cli.mjs");
  const args = [bundler, "--config", "--cleanDir", "--dir", FOLDER];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  return join(ROOT, FOLDER, "main.js");
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";

const ROOT = new URL("..", import.meta.url).pathname;

let building: Promise<string> | undefined;

/** The `main.js` of the package as it is published, built once a run: sources would be measured with their types being stripped. */
export function built(): Promise<string> {
  building ??= build();
  return building;
}

async function build(): Promise<string> {
  await promisify(execFile)("npm", ["run", "-s", "build"], { cwd: ROOT });
  return `${ROOT}dist/main.js`;
}

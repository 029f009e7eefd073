import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Problem } from "../../core/problem.ts";

/** The variables that a config may refer to. */
export interface Environment {
  readonly variables: { readonly [name: string]: string | undefined };
  /** That there is a `.env` file which cannot be read; else empty. */
  readonly problems: readonly Problem[];
}

/** The variables of the environment, and below them those of the `.env` file in the folder. */
export async function environmentOf(folder: string, env: NodeJS.ProcessEnv): Promise<Environment> {
  const file = join(folder, ".env");
  try {
    const text = (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
    return { variables: { ...parseEnv(text), ...env }, problems: [] };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { variables: env, problems: ABSENT.has(code) ? [] : [unreadable(file, code)] };
  }
}

/** A folder called `.env` is somebody else's: Python keeps environments there. */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "EISDIR"]);

/** The problem of a file that cannot be read, as a whole. */
export function unreadable(file: string, code: string): Problem {
  const message = `This file cannot be read (${code}).`;
  return { severity: "error", file, line: 1, column: 1, length: 1, path: "", message };
}

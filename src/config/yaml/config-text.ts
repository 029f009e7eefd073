import { readFile } from "node:fs/promises";
import type { Problem } from "../../core/problem.ts";
import { unreadable } from "./environment.ts";

/** The text of a config without its byte order mark, or the problem that there is none. */
export async function configText(file: string): Promise<string | Problem> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const problem = unreadable(file, code);
    return code === "ENOENT" ? { ...problem, message: NO_FILE } : problem;
  }
  const text = decode(bytes);
  return text ?? { ...unreadable(file, ""), message: NOT_UTF8 };
}

const NO_FILE =
  "There is no such file. Write one with `bellhop init`, or name another file with `--config`.";

const NOT_UTF8 = "This file is not UTF-8. Save it as UTF-8.";

/** `undefined` for any other encoding; in UTF-16, every Latin letter has a zero beside it. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.slice(0, 2).includes("\u0000") ? undefined : text;
  } catch {
    return undefined;
  }
}

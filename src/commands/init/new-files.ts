import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { usageError } from "../failure.ts";

/** A file to write. */
export interface NewFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
  /** Who may read it; whoever may read others unless given. */
  readonly mode?: number;
}

/** Those of the paths in a folder that hold something else than what would be written. */
export async function inTheWay(folder: string, files: readonly NewFile[]): Promise<string[]> {
  const found = await Promise.all(
    files.map(async ({ path, text }) => {
      const present = await textAt(join(folder, path));
      return present === undefined || present === text ? [] : [path];
    }),
  );
  return found.flat();
}

/**
 * Writes all of the files into a folder, which is made when it is missing, or none of them: they are written beside
 * their places first, where `approve` may look at them, and moved there when all has gone well.
 */
export async function writeTogether(
  folder: string,
  files: readonly NewFile[],
  approve: (stage: string) => Promise<void>,
): Promise<void> {
  const stage = join(folder, `.bellhop-init-${randomUUID().slice(0, 8)}`);
  const made = await mkdir(stage, { recursive: true }).catch((error: unknown) => {
    throw unwritable(folder, error);
  });
  try {
    for (const { path, text, mode } of files) {
      await mkdir(dirname(join(stage, path)), { recursive: true });
      await writeFile(join(stage, path), text, { mode });
    }
    await approve(stage);
    for (const { path } of files) await mkdir(dirname(join(folder, path)), { recursive: true });
    for (const { path } of files) await rename(join(stage, path), join(folder, path));
  } catch (error) {
    // A folder that was not there before is not left behind empty.
    if (made !== undefined) await rm(made, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** Adds lines to a text file where it lacks them; gives back whether it lacked any. */
export async function addLines(file: string, lines: readonly string[]): Promise<boolean> {
  const text = (await textAt(file)) ?? "";
  const present = new Set(text.split(/\r?\n/).map((line) => line.trim()));
  const missing = lines.filter((line) => !present.has(line));
  if (missing.length === 0) return false;
  const gap = text === "" || text.endsWith("\n") ? "" : "\n";
  await appendFile(file, `${gap}${missing.join("\n")}\n`);
  return true;
}

async function textAt(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unwritable(file, error);
  }
}

function unwritable(path: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return usageError(`${path} cannot be written: ${why}.`);
}

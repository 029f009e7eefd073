import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Origins } from "./origins.ts";

/**
 * A text that changes whenever a file that a config is made from is written, replaced, made or removed. Files are looked
 * at, not read, so that it costs little: a few dozen of them take about a millisecond.
 */
export async function stampOf({ files, folders }: Origins): Promise<string> {
  const below = await Promise.all(folders.map(templatesIn));
  const all = [...files, ...below.flat()];
  const stamps = await Promise.all(all.map(async (file) => [file, await stampOfFile(file)]));
  return JSON.stringify(stamps);
}

async function templatesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".hbs"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** Follows links: with mounted secrets and config maps it is a link on the way that is changed. */
async function stampOfFile(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : "unknown";
  }
}

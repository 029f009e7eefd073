import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Origins } from "./origins.ts";

/** What a look at the files that a config is made from found. */
export interface Stamp {
  /** Changes whenever one of them is written, replaced, made or removed. */
  readonly text: string;
  /** Whether one of them has nothing in it, as while it is written anew in its place. */
  readonly isAnyEmpty: boolean;
}

/** Looks at files and does not read them, so that it costs little: a few dozen of them take about a millisecond. */
export async function stampOf({ files, folders }: Origins): Promise<Stamp> {
  const below = await Promise.all(folders.map(templatesIn));
  const all = [...files, ...below.flat()];
  const stamps = await Promise.all(all.map(stampOfFile));
  return {
    text: JSON.stringify(all.map((file, index) => [file, stamps[index]?.text])),
    isAnyEmpty: stamps.some(({ isAnyEmpty }) => isAnyEmpty),
  };
}

async function templatesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".hbs"))
    .toSorted()
    .map((name) => join(folder, name));
}

/** Follows links: with mounted secrets and config maps it is a link on the way that is changed. */
async function stampOfFile(file: string): Promise<Stamp> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return { text: [dev, ino, size, mtimeNs, ctimeNs].join(" "), isAnyEmpty: size === 0n };
  } catch (error) {
    const text = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { text, isAnyEmpty: false };
  }
}

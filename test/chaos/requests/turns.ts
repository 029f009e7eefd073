import { readFile } from "node:fs/promises";

/** A long turn of the event loop of a bridge's process. */
export interface Turn {
  /** When it ended, in milliseconds since the epoch. */
  readonly at: number;
  /** How long nothing else could run, in milliseconds; on a busy machine also because another process ran. */
  readonly wallMs: number;
  /** How long it really worked, in milliseconds. */
  readonly cpuMs: number;
}

/** What a process needs in its environment to note its long turns in a file. */
export function notingTurns(file: string): Record<string, string> {
  const preload = new URL("./turns-preload.ts", import.meta.url);
  return { NODE_OPTIONS: `--import=${preload.href}`, TURNS: file };
}

/** The longest of the turns that began after a time, by the clock and by what it worked; in whole milliseconds. */
export async function longestTurns(
  file: string,
  after: number,
): Promise<Pick<Turn, "wallMs" | "cpuMs">> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const turns = lines
    .map((line) => JSON.parse(line) as Turn)
    .filter(({ at, wallMs }) => at - wallMs > after);
  return {
    wallMs: Math.round(Math.max(0, ...turns.map(({ wallMs }) => wallMs))),
    cpuMs: Math.round(Math.max(0, ...turns.map(({ cpuMs }) => cpuMs))),
  };
}

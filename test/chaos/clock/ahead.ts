const PRELOAD = new URL("./ahead-preload.ts", import.meta.url);

/** What a process needs in its environment to have a clock that is ahead, or behind where that is negative. */
export function clockAhead(ms: number): Record<string, string> {
  return { NODE_OPTIONS: `--import=${PRELOAD.href}`, CLOCK_AHEAD_MS: String(ms) };
}

import type { Log } from "./log.ts";

/** How long a failure that comes again is only counted, in milliseconds; ours: an outage fails once a second in each worker. */
const FOLD_MS = 60_000;

/** The most failures that are told apart; ours: it bounds memory where each has a text of its own. */
const MOST = 100;

/** A failure that was logged. */
interface Told {
  readonly at: number;
  /** How often it came again since. */
  again: number;
}

/**
 * Logs what fails unexpectedly; what fails the same way again, once a minute, with how often it did since the last line.
 * `now` gives milliseconds.
 */
export function errorLog(log: Pick<Log, "error">, now: () => number): (error: unknown) => void {
  const told = new Map<string, Told>();
  return (error) => {
    const failure = textOf(error);
    const before = told.get(failure);
    if (before !== undefined && now() - before.at < FOLD_MS) {
      before.again += 1;
      return;
    }
    // The oldest is the one that gives way.
    told.delete(failure);
    if (told.size >= MOST) told.delete(told.keys().next().value ?? "");
    told.set(failure, { at: now(), again: 0 });
    const again = before?.again ?? 0;
    log.error(again === 0 ? { err: error } : { err: error, again }, "something failed");
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

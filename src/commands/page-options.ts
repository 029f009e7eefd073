import { type Command, InvalidArgumentError } from "commander";
import { parseDuration } from "../core/duration.ts";

/** What every command that lists something takes. */
export interface PageOptions {
  readonly since?: string;
  readonly limit: string;
  readonly cursor?: string;
}

/** The most that one page holds; the API's own limit. */
const MOST = 500;

/** Adds `--since`, `--limit` and `--cursor`. */
export function withPage(command: Command): Command {
  return command
    .option("--since <time>", "only since a time (UTC), or a span back such as 2h or 7d", sinceTime)
    .option("--limit <count>", "how many at most", pageSize, "50")
    .option("--cursor <cursor>", "go on where the last page ended", pageStart);
}

/** A time, or a span back from now, as it was written. Throws what commander prints when it is neither. */
export function sinceTime(text: string): string {
  if (parseDuration(text) !== undefined || !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError(
    "It must be a time such as 2026-11-22T09:00:00Z, or a span back such as 2h.",
  );
}

function pageSize(text: string): string {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST) return text;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST}.`);
}

function pageStart(text: string): string {
  if (/^\d+$/.test(text)) return text;
  throw new InvalidArgumentError("It must be what the last page said after --cursor.");
}

import type { Json } from "../../core/json.ts";
import type { Entry } from "../ledger.ts";
import { countBefore } from "../line.ts";

/** Between which messages, as microseconds; `undefined` for no end. */
interface TsSpan {
  readonly oldest: number | undefined;
  readonly latest: number | undefined;
  readonly isInclusive: boolean;
}

/** The newest messages of a span, the newest first; `entries` have the oldest first. */
export function newest(entries: readonly Entry[], span: TsSpan, most: number): Entry[] {
  const { oldest = -Infinity, latest = Infinity, isInclusive } = span;
  const isPast = (at: number) => (isInclusive ? at > latest : at >= latest);
  const isBefore = (at: number) => (isInclusive ? at < oldest : at <= oldest);
  const found: Entry[] = [];
  for (let at = countBefore(entries, (entry) => isPast(tsOf(entry))) - 1; at >= 0; at -= 1) {
    const entry = entries[at];
    if (entry === undefined || isBefore(tsOf(entry)) || found.length === most) break;
    if (isTopLevel(entry)) found.push(entry);
  }
  return found;
}

function tsOf({ message }: Entry): number {
  return Math.round(Number(message.id) * 1e6);
}

function isTopLevel(entry: Entry): boolean {
  const parent = entry.message.body["thread_ts"];
  return parent === undefined || parent === entry.message.id;
}

/** A `ts` as microseconds, since a double cannot hold it otherwise; `undefined` when not given. */
export function readTs(value: Json | undefined): number | undefined {
  return value === undefined || value === "" ? undefined : Math.round(Number(value) * 1e6);
}

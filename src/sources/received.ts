import type { Change } from "../core/change.ts";
import { change } from "../core/change.ts";
import { isBlank } from "../core/event.ts";
import { inWords } from "./sentence.ts";

/** The one change of an event that no others are computed for, told from the words of its type. */
export function received(words: string): Change {
  const said = inWords(words);
  const summary = `${isBlank(said) ? "Event received" : said}.`;
  return change({ kind: "event.received", tone: "info", summary });
}

import type { Source } from "../sources/source.ts";
import type { StoredSnapshot } from "../store/store.ts";
import { processEvent, type Rules } from "./process.ts";

/** What is known of a customer after earlier payloads, or what is wrong with one of them. */
export type Earlier =
  | { readonly before: StoredSnapshot | undefined }
  /** `index` says which of the payloads it is. */
  | { readonly index: number; readonly problem: string };

/** Takes earlier payloads in, the oldest first, as the process step would, for one to be compared with them. */
export function takeEarlier(
  earlier: readonly Uint8Array[],
  body: Uint8Array,
  source: Source,
  rules: Rules,
): Earlier {
  const subject = subjectOf(source, body);
  let before: StoredSnapshot | undefined;
  for (const [index, payload] of earlier.entries()) {
    const stored = { id: "earlier", source: source.name, body: payload };
    const { error, snapshot } = processEvent(stored, before, rules, () => "earlier");
    if (error !== null)
      return { index, problem: `This earlier payload cannot be used: ${error.text}` };
    const other = subjectOf(source, payload);
    if (subject !== undefined && other !== subject)
      return {
        index,
        problem: `This earlier payload is about ${other}, and not about ${subject}.`,
      };
    before = snapshot ?? before;
  }
  return { before };
}

/** `undefined` for a payload that cannot be read, which is told elsewhere. */
function subjectOf(source: Source, body: Uint8Array): string | undefined {
  try {
    return source.parse(body).subject;
  } catch {
    return undefined;
  }
}

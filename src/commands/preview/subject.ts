import { resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import type { EventAnswer } from "../answers.ts";
import { type ClientOptions, clientFor } from "../client.ts";
import { usageError } from "../failure.ts";
import { readPayload, sourceFor } from "../payload-file.ts";
import { type Previewed, previewOf, previewOfEvent } from "./preview-of.ts";

/** What is previewed, with whatever config. */
export interface Subject {
  /** Absolute paths of the files that it is read from, each time anew. */
  readonly files: readonly string[];
  /** Whether it is read from standard input, which can be done once. */
  readonly isStream: boolean;
  preview(config: Config): Promise<Previewed>;
}

/** What the arguments of `preview` name. */
export interface SubjectOptions extends ClientOptions {
  readonly event?: string;
  readonly before: readonly string[];
  readonly source?: string;
}

/** What a payload that the running bridge keeps looks like in its answer; `null` when it was pruned. */
type RecordedEvent = EventAnswer & { readonly payload: object | string | null };

/** The payload or recorded event that is named. Rejects with a usage error when it is not one of both. */
export async function subjectFrom(
  file: string | undefined,
  options: SubjectOptions,
): Promise<Subject> {
  const { event: id, before, source } = options;
  if (id === undefined) {
    if (file !== undefined) return payloadSubject(file, before, source);
    throw usageError("Nothing to preview.", "Name a payload's file, or an event with --event.");
  }
  if (file !== undefined) throw usageError("Name a payload's file or --event, not both.");
  if (before.length > 0 || source !== undefined)
    throw usageError("--before and --source go with a payload: an event knows both.");
  const client = await clientFor(options);
  const event = await client.get<RecordedEvent>(`/api/events/${encodeURIComponent(id)}`);
  return {
    files: [],
    isStream: false,
    preview: async (config) => previewOfEvent(event, config),
  };
}

function payloadSubject(
  file: string,
  before: readonly string[],
  source: string | undefined,
): Subject {
  const all = [file, ...before];
  return {
    files: all.filter((one) => one !== "-").map((one) => resolve(one)),
    isStream: all.includes("-"),
    preview: async (config) => {
      const body = await readPayload(file);
      const from = await sourceFor(body, config.sources, source);
      const earlier = await Promise.all(before.map(readPayload));
      return previewOf({ body, source: from, earlier }, config);
    },
  };
}

import type { Config } from "../../config/config.ts";
import type { Change } from "../../core/change.ts";
import { BridgeError } from "../../core/error.ts";
import { factsOf } from "../../core/facts.ts";
import { type RouteVerdict, verdictsOf } from "../../core/rulebook.ts";
import type { Platform } from "../../destinations/destination.ts";
import { takeEarlier } from "../../pipeline/earlier.ts";
import { decideFacts } from "../../pipeline/process.ts";
import {
  rehearse,
  rehearseFacts,
  type RehearsedMessage,
  type Stage,
} from "../../pipeline/rehearse.ts";
import type { Source } from "../../sources/source.ts";
import type { Processed } from "../../store/store.ts";
import type { EventAnswer } from "../answers.ts";
import { usageError } from "../failure.ts";
import { stageOf } from "../stage.ts";

/** What would come of an event. */
export interface Previewed extends Pick<Processed, "error" | "changes"> {
  readonly routes: readonly RouteVerdict[];
  readonly status: string;
  readonly messages: readonly PreviewedMessage[];
  /** When it happened, in milliseconds since the epoch; `NaN` when that cannot be read. */
  readonly happenedAt: number;
}

/** A message that would be posted. */
export interface PreviewedMessage extends RehearsedMessage {
  readonly platform: Platform;
}

/** A payload with what it is compared with. */
export interface GivenPayload {
  readonly body: Uint8Array;
  readonly source: Source;
  /** The oldest first. */
  readonly earlier: readonly Uint8Array[];
}

/** What a payload would come to. Throws a usage error when an earlier payload cannot be used. */
export function previewOf({ body, source, earlier }: GivenPayload, config: Config): Previewed {
  const stage = stageOf(config);
  const taken = takeEarlier(earlier, body, source, stage);
  if ("problem" in taken) throw usageError(taken.problem);
  const stored = { id: "preview", source: source.name, body };
  const { processed, messages } = rehearse(stored, taken.before, stage);
  const { status, error, changes, verdicts } = processed;
  const previewed = { status, error, changes, routes: verdictsOf(verdicts) };
  return { ...previewed, ...told(messages, stage), happenedAt: timeOf(source, body) };
}

/**
 * What a recorded event would come to, its changes as they were recorded; one that was not processed is taken for a
 * first payload. Throws a `BridgeError` when its payload or its source is gone.
 */
export function previewOfEvent(
  event: EventAnswer & { readonly payload: object | string | null },
  config: Config,
): Previewed {
  const { id, status, payload } = event;
  const stage = stageOf(config);
  const source = stage.sources.get(event.source);
  if (source === undefined)
    throw usageError(`The config has no source called "${event.source}", where ${id} is from.`);
  if (payload === null)
    throw new BridgeError(
      "payload-pruned",
      `The payload of ${id} is pruned, so it cannot be read.`,
    );
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const body = new TextEncoder().encode(text);
  if (status === "quarantined" || status === "stored")
    return previewOf({ body, source, earlier: [] }, config);
  const happenedAt = timeOf(source, body);
  const [first, ...rest]: readonly Change[] = event.changes;
  if (first === undefined)
    return { status, error: null, changes: [], routes: [], messages: [], happenedAt };
  const facts = factsOf(source.parse(body), source, [first, ...rest]);
  const decided = decideFacts(facts, stage, (prefix) => prefix);
  return {
    status: decided.status,
    error: null,
    changes: decided.changes,
    routes: verdictsOf(decided.verdicts),
    ...told(rehearseFacts(facts, stage), stage),
    happenedAt,
  };
}

function told(
  messages: readonly RehearsedMessage[],
  { destinations }: Stage,
): Pick<Previewed, "messages"> {
  return {
    messages: messages.flatMap((one) => {
      const platform = destinations.get(one.destination)?.platform;
      return platform === undefined ? [] : [{ ...one, platform }];
    }),
  };
}

function timeOf(source: Source, body: Uint8Array): number {
  try {
    return Date.parse(source.parse(body).time);
  } catch {
    return Number.NaN;
  }
}

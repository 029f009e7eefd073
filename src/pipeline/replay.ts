import { PayloadError } from "../core/error.ts";
import type { SourceEvent } from "../core/event.ts";
import type { NewId } from "../core/id.ts";
import type { Source } from "../sources/source.ts";
import type {
  EventRecord,
  LaneOf,
  Replayed,
  ReplayRequest,
  Selection,
  Store,
} from "../store/store.ts";

/** What a person asks to go through again. */
export interface ReplayOrder {
  /** Ids of events and deliveries. */
  readonly ids: readonly string[];
  /** Also deliveries that ended in one way. */
  readonly select?: Selection | undefined;
  /** Only tells what would go through again. */
  readonly isDryRun?: boolean | undefined;
}

/** What came of one thing that was asked for. */
export interface ReplayResult {
  /** The event or delivery asked for; for a dead letter its delivery. */
  readonly of: string;
  /** The new delivery; `null` when the event itself goes through again, or nothing does, or this is a dry run. */
  readonly delivery: string | null;
  /** Where the message goes, and the route that sends it there; `null` when this is about no single message. */
  readonly destination: string | null;
  readonly route: string | null;
  /** Why nothing goes through again; `null` when something does. */
  readonly problem: string | null;
}

/** What a replay works with. */
export interface ReplayParts {
  readonly store: Store;
  readonly sources: () => ReadonlyMap<string, Source>;
  readonly newId: NewId;
  /** Where messages go now. */
  readonly destinations: () => readonly LaneOf[];
  readonly now: () => number;
  /** Called when events or deliveries wait. */
  readonly onWaiting: () => void;
}

/** Has kept events, quarantined webhooks and dead letters go through again, as new deliveries that name the old ones. */
export async function replay(parts: ReplayParts, order: ReplayOrder): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  const { ids, select, isDryRun = false } = order;
  const made = (wanted: Partial<ReplayRequest>) =>
    parts.store.replay({
      ...wanted,
      isDryRun,
      lanes: parts.destinations(),
      now: parts.now(),
      newId: parts.newId,
    });
  for (const id of ids)
    if (id.startsWith("dlv_")) results.push(...ofDelivery(id, await made({ deliveries: [id] })));
    else results.push(...(await ofEvent(parts, id, isDryRun, made)));
  if (select !== undefined)
    results.push(...(await made({ select })).map((one) => toResult(one.of, one)));
  if (!isDryRun) parts.onWaiting();
  return results;
}

type Make = (wanted: Partial<ReplayRequest>) => Promise<readonly Replayed[]>;

function ofDelivery(id: string, made: readonly Replayed[]): ReplayResult[] {
  if (made.length === 0) return [problem(id, `There is no delivery ${id}.`)];
  return made.map((one) => toResult(id, one));
}

async function ofEvent(
  parts: ReplayParts,
  id: string,
  isDryRun: boolean,
  make: Make,
): Promise<ReplayResult[]> {
  const event = await parts.store.event(id);
  if (event === undefined) return [problem(id, `There is no event ${id}.`)];
  if (event.status === "quarantined") return [await ofQuarantined(parts, event, isDryRun)];
  const made = await make({ events: [id] });
  if (made.length > 0) return made.map((one) => toResult(id, one));
  return [problem(id, `The event is ${event.status}: it has no messages to send again.`)];
}

async function ofQuarantined(
  parts: ReplayParts,
  event: EventRecord,
  isDryRun: boolean,
): Promise<ReplayResult> {
  const source = parts.sources().get(event.source);
  if (source === undefined)
    return problem(event.id, `The config has no source called "${event.source}".`);
  const read = readAgain(source, event.body);
  if (typeof read === "string") return problem(event.id, `It still cannot be read: ${read}`);
  const { type, time, subject } = read;
  if (!isDryRun) await parts.store.requeue({ id: event.id, type, time, subject });
  return { of: event.id, delivery: null, destination: null, route: null, problem: null };
}

/** The event, or why it cannot be read; an error of ours may hold a customer's data, so only its name is told. */
function readAgain(source: Source, body: Uint8Array): SourceEvent | string {
  try {
    return source.parse(body);
  } catch (error) {
    if (error instanceof PayloadError) return error.message;
    return `${error instanceof Error ? error.name : typeof error}.`;
  }
}

function toResult(of: string, { id, destination, route, hindrance }: Replayed): ReplayResult {
  const text = hindrance === null ? null : HINDRANCES[hindrance];
  return { of, delivery: id, destination, route, problem: text };
}

const HINDRANCES: { readonly [hindrance in NonNullable<Replayed["hindrance"]>]: string } = {
  pruned:
    "Its payload was pruned, so the message cannot be made again: payloads are kept for `retention.payloads`.",
  waiting:
    "It still waits to be posted itself. If it is parked, `bellhop resume` tries it at once.",
};

function problem(of: string, text: string): ReplayResult {
  return { of, delivery: null, destination: null, route: null, problem: text };
}

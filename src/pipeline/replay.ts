import { PayloadError } from "../core/error.ts";
import type { NewId } from "../core/id.ts";
import type { Source } from "../sources/source.ts";
import type { DeadLetters, EventRecord, Store } from "../store/store.ts";

/** What a person asks to go through again. */
export interface ReplayOrder {
  /** Ids of events and deliveries. */
  readonly ids: readonly string[];
  /** Also dead letters that nobody has replayed yet. */
  readonly dead?: DeadLetters | undefined;
}

/** What came of one thing that was asked for. */
export interface ReplayResult {
  /** The event or delivery asked for; for a dead letter its delivery. */
  readonly of: string;
  /** The new delivery; `null` when the event itself goes through again, or nothing does. */
  readonly delivery: string | null;
  /** Why nothing goes through again; `null` when something does. */
  readonly problem: string | null;
}

/** What a replay works with. */
export interface ReplayParts {
  readonly store: Store;
  readonly sources: () => ReadonlyMap<string, Source>;
  readonly newId: NewId;
  readonly now: () => number;
  /** Called when events or deliveries wait. */
  readonly onWaiting: () => void;
}

/** Has kept events, quarantined webhooks and dead letters go through again, as new deliveries that name the old ones. */
export async function replay(parts: ReplayParts, order: ReplayOrder): Promise<ReplayResult[]> {
  const results: ReplayResult[] = [];
  for (const id of order.ids)
    results.push(
      ...(id.startsWith("dlv_") ? await ofDelivery(parts, id) : await ofEvent(parts, id)),
    );
  if (order.dead !== undefined) results.push(...(await ofDead(parts, order.dead)));
  parts.onWaiting();
  return results;
}

async function ofDelivery(parts: ReplayParts, id: string): Promise<ReplayResult[]> {
  const made = await parts.store.replay({ deliveries: [id], now: parts.now(), newId: parts.newId });
  if (made.length === 0) return [problem(id, `There is no delivery ${id}.`)];
  return made.map((one) => ({ of: one.of, delivery: one.id, problem: null }));
}

async function ofEvent(parts: ReplayParts, id: string): Promise<ReplayResult[]> {
  const event = await parts.store.event(id);
  if (event === undefined) return [problem(id, `There is no event ${id}.`)];
  if (event.status === "quarantined") return [await ofQuarantined(parts, event)];
  const made = await parts.store.replay({ events: [id], now: parts.now(), newId: parts.newId });
  if (made.length > 0) return made.map((one) => ({ of: id, delivery: one.id, problem: null }));
  return [problem(id, `The event is ${event.status}: it has no messages to send again.`)];
}

async function ofQuarantined(parts: ReplayParts, event: EventRecord): Promise<ReplayResult> {
  const source = parts.sources().get(event.source);
  if (source === undefined)
    return problem(event.id, `The config has no source called "${event.source}".`);
  try {
    const { type, time, subject } = source.parse(event.body);
    await parts.store.requeue({ id: event.id, type, time, subject });
    return { of: event.id, delivery: null, problem: null };
  } catch (error) {
    if (error instanceof PayloadError)
      return problem(event.id, `It still cannot be read: ${error.message}`);
    throw error;
  }
}

async function ofDead(parts: ReplayParts, dead: DeadLetters): Promise<ReplayResult[]> {
  const made = await parts.store.replay({ dead, now: parts.now(), newId: parts.newId });
  return made.map((one) => ({ of: one.of, delivery: one.id, problem: null }));
}

function problem(of: string, text: string): ReplayResult {
  return { of, delivery: null, problem: text };
}

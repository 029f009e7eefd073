import type { Customer } from "../core/event.ts";
import type { Source } from "../sources/source.ts";
import type { AttemptRecord, DeliveryRecord, EventRecord } from "../store/store.ts";

/** An event as `/api/events` lists it. */
export function presentEvent(event: EventRecord, sources: ReadonlyMap<string, Source>) {
  return {
    id: event.id,
    source: event.source,
    type: event.type,
    time: event.time,
    received: iso(event.receivedAt),
    subject: event.subject,
    customer: customerOf(event, sources),
    status: event.status,
    changes: event.changes,
    routes: event.routes,
    deliveries: event.deliveries.map(presentDelivery),
    error: event.error,
    revision: event.revision,
    payload_pruned: iso(event.payloadPrunedAt),
    duplicates: event.duplicates,
    last_duplicate: iso(event.lastDuplicateAt),
  };
}

/** An event with its payload and the attempts at its deliveries, as `/api/events/<id>` shows it. */
export function presentEventWhole(
  event: EventRecord,
  sources: ReadonlyMap<string, Source>,
  attempts: readonly (readonly AttemptRecord[])[],
) {
  const text = new TextDecoder().decode(event.body);
  return {
    ...presentEvent(event, sources),
    key: event.key,
    processed: iso(event.processedAt),
    deliveries: event.deliveries.map((delivery, index) => ({
      ...presentDelivery(delivery),
      history: (attempts[index] ?? []).map(presentAttempt),
    })),
    payload: event.payloadPrunedAt !== null ? null : (json(text) ?? text),
  };
}

/** A delivery as the API shows it. */
export function presentDelivery(delivery: DeliveryRecord) {
  return {
    id: delivery.id,
    event: delivery.event,
    route: delivery.route,
    destination: delivery.destination,
    lane: delivery.lane,
    template: delivery.template,
    status: delivery.status,
    attempts: delivery.attempts,
    created: iso(delivery.createdAt),
    next_attempt: iso(delivery.nextAttemptAt),
    last_error: delivery.lastError,
    replay_of: delivery.replayOf,
    message: delivery.ref && {
      ref: { channel: delivery.ref.channel, id: delivery.ref.id },
      url: delivery.ref.url,
    },
  };
}

function presentAttempt(attempt: AttemptRecord) {
  return {
    number: attempt.number,
    started: iso(attempt.startedAt),
    ended: iso(attempt.endedAt),
    outcome: attempt.outcome,
    reason: attempt.reason,
    template_error: attempt.templateError,
  };
}

/** Read from the payload each time, so that no customer's data is kept twice. */
function customerOf(event: EventRecord, sources: ReadonlyMap<string, Source>): Customer | null {
  try {
    return sources.get(event.source)?.parse(event.body).customer ?? null;
  } catch {
    return null;
  }
}

function iso(ms: number): string;
function iso(ms: number | null): string | null;
function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { BridgeError } from "../core/error.ts";
import { type Facts, factsOf } from "../core/facts.ts";
import type { NewId } from "../core/id.ts";
import { decide } from "../core/decide.ts";
import type { RouteNode } from "../core/route.ts";
import { rulebookOf } from "../core/rulebook.ts";
import type { Destination } from "../destinations/destination.ts";
import type { Source } from "../sources/source.ts";
import type {
  Mine,
  NewDelivery,
  Processed,
  Store,
  StoredEvent,
  StoredSnapshot,
} from "../store/store.ts";
import { pause } from "./pause.ts";
import { reportOfQuarantine } from "./report.ts";
import { ROLLOUT_MS } from "./rollout.ts";
import { Worker } from "./worker.ts";

/** What events are decided by: one revision of the config, swapped whole. */
export interface Rules {
  readonly revision: string;
  readonly sources: ReadonlyMap<string, Source>;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly routes: readonly RouteNode[];
}

/** What the process step works with. */
export interface ProcessParts {
  readonly store: Store;
  readonly rules: () => Rules;
  readonly newId: NewId;
  readonly now: () => number;
  /** Whether intake has more to write than it can, and should go first. */
  readonly isIntakePressed: () => boolean;
  /** Called for every event, once what was decided is on disk. */
  readonly onProcessed: (processed: Processed, event: StoredEvent) => void;
  /** Called when events were processed that made deliveries. */
  readonly onDeliveries: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The most events in one transaction, and the milliseconds after which it takes no more, sooner when webhooks wait; ours:
 * intake waits meanwhile. Hardly more events are read than the time was enough for in the one before.
 */
const BATCH = { most: 100, ms: 10, pressedMs: 5 } as const;

/**
 * How long it lets intake go first, and how often it looks whether it still must, in milliseconds; ours: a burst is to be
 * answered soon, as vendors give up on what is not, but also processed while it lasts.
 */
const GIVE_WAY = { mostMs: 200, everyMs: 5 } as const;

/** The second step: works out what changed and where it goes, one event after the other. */
export function processWorker(parts: ProcessParts): Worker {
  let limit: number = BATCH.most;
  return new Worker({
    onError: parts.onError,
    run: async () => {
      await giveWay(parts.isIntakePressed);
      // By their ids: a transaction that met another one decides anew.
      const done = new Map<string, readonly [Processed, StoredEvent]>();
      // From the first event on: how far away the database is must not make batches smaller.
      let began: number | undefined;
      const count = await parts.store.process(
        limit,
        parts.now(),
        (event, before) => {
          began ??= performance.now();
          const processed = processEvent(event, before, parts.rules(), parts.newId);
          done.set(event.id, [processed, event]);
          return processed;
        },
        () =>
          performance.now() - (began ?? 0) > (parts.isIntakePressed() ? BATCH.pressedMs : BATCH.ms),
        mineOf(parts),
      );
      limit = Math.min(BATCH.most, Math.ceil(1.25 * count) + 1);
      let isAnyDelivery = false;
      for (const [processed, event] of done.values()) {
        isAnyDelivery ||= processed.deliveries.length > 0;
        parts.onProcessed(processed, event);
      }
      if (isAnyDelivery) parts.onDeliveries();
      return { again: count > 0 };
    },
  });
}

async function giveWay(isPressed: () => boolean): Promise<void> {
  const until = performance.now() + GIVE_WAY.mostMs;
  while (isPressed() && performance.now() < until) await pause(GIVE_WAY.everyMs);
}

/** Events of a source that this bridge does not know, or no longer, are left to those that do while a config is rolled out. */
function mineOf({ store, rules, now }: ProcessParts): Mine | undefined {
  if (!store.isShared) return undefined;
  return { sources: [...rules().sources.keys()], allBefore: now() - ROLLOUT_MS };
}

/** Decides one event: its changes, the routes that take it, its deliveries and its subject's next snapshot. */
export function processEvent(
  stored: StoredEvent,
  before: StoredSnapshot | undefined,
  rules: Rules,
  newId: NewId,
): Processed {
  const nothing = {
    changes: [],
    verdicts: null,
    deliveries: [],
    snapshot: null,
    error: null,
    reports: [],
  };
  const { revision } = rules;
  const quarantined = (code: string, text: string): Processed => ({
    ...nothing,
    status: "quarantined",
    revision,
    error: { code, text },
    reports: [reportOfQuarantine(stored.source, stored.id, text)],
  });
  const source = rules.sources.get(stored.source);
  if (source === undefined) {
    const text = `The config has no source called "${stored.source}" any more.`;
    return quarantined("source-unknown", text);
  }
  try {
    const event = source.parse(stored.body);
    const comparison = source.changes(event, before);
    if (comparison.isStale) return { ...nothing, status: "stale", revision };
    const { changes } = comparison;
    const snapshot =
      comparison.snapshot === undefined ? null : { subject: event.subject, ...comparison.snapshot };
    const [first, ...rest] = changes;
    if (first === undefined) return { ...nothing, status: "unchanged", snapshot, revision };

    const facts = factsOf(event, source, [first, ...rest]);
    return { ...nothing, ...decideFacts(facts, rules, newId), snapshot, revision };
  } catch (error) {
    // One event that cannot be processed must not hold up the ones behind it. Other errors than our own may hold data.
    const why =
      error instanceof BridgeError ? error.message : error instanceof Error ? error.name : "";
    const text = `The event could not be processed: ${why}`;
    return quarantined("process-failed", text);
  }
}

/** What routes make of an event whose changes are known. */
export type Decided = Pick<Processed, "status" | "changes" | "verdicts" | "deliveries">;

/** Holds the facts of an event against the routes, and makes a delivery of each message that they send. */
export function decideFacts(facts: Facts, rules: Rules, newId: NewId): Decided {
  const { refusals, sends } = decide(rules.routes, facts);
  return {
    status: sends.length === 0 ? "unrouted" : "sent",
    changes: facts.changes,
    verdicts: { rulebook: rulebookOf(rules.routes), refusals },
    deliveries: sends.flatMap((send) => toDelivery(send, rules, newId)),
  };
}

function toDelivery(
  send: { readonly route: string; readonly destination: string; readonly template: string | null },
  rules: Rules,
  newId: NewId,
): NewDelivery[] {
  const destination = rules.destinations.get(send.destination);
  if (destination === undefined) return [];
  return [
    {
      id: newId("dlv"),
      route: send.route,
      destination: send.destination,
      lane: destination.lane,
      account: destination.account,
      template: send.template,
    },
  ];
}

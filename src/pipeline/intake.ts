import { PayloadError } from "../core/error.ts";
import type { SourceEvent } from "../core/event.ts";
import type { NewId } from "../core/id.ts";
import type { Reason } from "../core/outcome.ts";
import type { Source, Webhook } from "../sources/source.ts";
import type { ArrivedWebhook, Enqueued, Store } from "../store/store.ts";
import { Gather } from "./gather.ts";
import { reportOfQuarantine } from "./report.ts";

/** What became of a webhook: the answers of `POST /webhooks/<source>`. */
export type Receipt =
  | { readonly status: "accepted" | "duplicate" | "quarantined"; readonly id: string }
  | { readonly status: "refused"; readonly reason: "missing" | "mismatch" | "stale" };

/** What the intake works with. */
export interface IntakeParts {
  readonly store: Store;
  readonly newId: NewId;
  readonly now: () => number;
  /** Called when events were stored. */
  readonly onStored: () => void;
  /** Called with why an event cannot be read, without any value of the payload. */
  readonly onQuarantined: (event: string, source: string, why: Reason) => void;
}

/**
 * How long a webhook may wait for the store, in milliseconds; ours: Polar asks to be answered within 2 s, and what was
 * written after all is known when it comes again. https://polar.sh/docs/integrate/webhooks/delivery
 */
const PATIENCE_MS = 1_800;

/** The first step: verifies a webhook, reads it, and keeps it on disk before it is answered. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #kept: Gather<ArrivedWebhook, Enqueued>;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#kept = new Gather({
      write: (webhooks) => parts.store.enqueue(webhooks),
      fitting,
      onWritten: parts.onStored,
      patienceMs: PATIENCE_MS,
    });
  }

  /** Takes a webhook; rejects when the store cannot write, or takes too long to. */
  async receive(source: Source, webhook: Webhook): Promise<Receipt> {
    const now = this.#parts.now();
    const verdict = source.verify(webhook, new Date(now));
    if (!verdict.authentic) return { status: "refused", reason: verdict.reason };

    const read = readEvent(source, webhook.body);
    const id = this.#parts.newId("evt");
    const enqueued = await this.#kept.add({
      id,
      source: source.name,
      key: verdict.key,
      type: read.event?.type ?? "unknown",
      time: read.event?.time ?? null,
      subject: read.event?.subject ?? null,
      receivedAt: now,
      body: webhook.body,
      quarantine: read.error && { code: read.error.code, text: read.error.message },
      reports: read.error === null ? [] : [reportOfQuarantine(source.name, id, read.error.message)],
    });
    if (enqueued.isDuplicate) return { status: "duplicate", id: enqueued.id };
    if (read.error !== null) {
      const { code, message: text } = read.error;
      this.#parts.onQuarantined(enqueued.id, source.name, { code, text });
      return { status: "quarantined", id: enqueued.id };
    }
    return { status: "accepted", id: enqueued.id };
  }

  /** Whether webhooks come faster than they are kept: what can wait should let them go first. */
  get isPressed(): boolean {
    return this.#kept.isPressed;
  }

  /** Resolves once every webhook taken so far is on disk or refused. */
  async idle(): Promise<void> {
    await this.#kept.idle();
  }
}

/** The most webhooks and bytes in one commit; ours: beyond it a larger commit saves nothing, and everything else waits. */
const MAX_BATCH = { webhooks: 200, bytes: 4_194_304 } as const;

/** How many of those that wait make up the next commit: as many as fit, but at least one. */
function fitting(waiting: readonly ArrivedWebhook[]): number {
  let bytes = 0;
  let count = 0;
  for (const { body } of waiting.slice(0, MAX_BATCH.webhooks)) {
    bytes += body.length;
    if (count > 0 && bytes > MAX_BATCH.bytes) break;
    count += 1;
  }
  return count;
}

type Read =
  | { readonly event: SourceEvent; readonly error: null }
  | { readonly event: null; readonly error: PayloadError };

function readEvent(source: Source, body: Uint8Array): Read {
  try {
    return { event: source.parse(body), error: null };
  } catch (error) {
    // An error of ours must not have the vendor send the webhook again and again: it is kept for a replay.
    const ours = new PayloadError("The payload could not be read.", [], { cause: error });
    return { event: null, error: error instanceof PayloadError ? error : ours };
  }
}

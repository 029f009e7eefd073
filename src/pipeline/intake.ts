import { PayloadError } from "../core/error.ts";
import type { SourceEvent } from "../core/event.ts";
import type { NewId } from "../core/id.ts";
import type { Reason } from "../core/outcome.ts";
import type { Source, Webhook } from "../sources/source.ts";
import type { ArrivedWebhook, Enqueued, Store } from "../store/store.ts";
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

/** The first step: verifies a webhook, reads it, and keeps it on disk before it is answered. */
export class Intake {
  readonly #parts: IntakeParts;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Takes a webhook; rejects when the store cannot write. */
  async receive(source: Source, webhook: Webhook): Promise<Receipt> {
    const now = this.#parts.now();
    const verdict = source.verify(webhook, new Date(now));
    if (!verdict.authentic) return { status: "refused", reason: verdict.reason };

    const read = readEvent(source, webhook.body);
    const id = this.#parts.newId("evt");
    const enqueued = await this.#keep({
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

  /** Resolves once every webhook taken so far is on disk or refused. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  #keep(webhook: ArrivedWebhook): Promise<Enqueued> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ webhook, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Webhooks that arrived while the commit before was under way share the next one. */
  async #write(): Promise<void> {
    let last = 0;
    while (this.#waiting.length > 0) {
      // Under load a short wait lets many webhooks share one commit; a single one is never kept waiting.
      await (last > 1 ? pause(GATHER_MS) : nextTurn());
      const batch = this.#waiting.splice(0, fitting(this.#waiting));
      last = batch.length;
      try {
        const results = await this.#parts.store.enqueue(batch.map((one) => one.webhook));
        batch.forEach((one, index) => settle(one, results[index]));
        this.#parts.onStored();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    // In the same turn as the last look: a webhook that comes between the two would wait for the next one.
    this.#writing = undefined;
  }
}

/** How long webhooks are gathered for one commit while many arrive, in milliseconds; ours. */
const GATHER_MS = 2;

/** The most webhooks and bytes in one commit; ours: beyond it a larger commit saves nothing, and everything else waits. */
const MAX_BATCH = { webhooks: 200, bytes: 4_194_304 } as const;

/** How many of those that wait make up the next commit: as many as fit, but at least one. */
function fitting(waiting: readonly Waiting[]): number {
  let bytes = 0;
  let count = 0;
  for (const { webhook } of waiting.slice(0, MAX_BATCH.webhooks)) {
    bytes += webhook.body.length;
    if (count > 0 && bytes > MAX_BATCH.bytes) break;
    count += 1;
  }
  return count;
}

interface Waiting {
  readonly webhook: ArrivedWebhook;
  readonly resolve: (enqueued: Enqueued) => void;
  readonly reject: (error: unknown) => void;
}

function settle(one: Waiting, result: Enqueued | undefined): void {
  if (result === undefined)
    one.reject(new Error("The store answered fewer webhooks than it was given."));
  else one.resolve(result);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Lets the requests that are already in the socket buffers join the batch. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
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

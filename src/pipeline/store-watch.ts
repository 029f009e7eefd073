import type { Report } from "../core/report.ts";
import type { Destination } from "../destinations/destination.ts";
import type { Log } from "./log.ts";
import { reportMessage } from "./report-message.ts";

/** What the watch works with. */
export interface StoreWatchParts {
  readonly destinations: () => readonly Destination[];
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Log;
  readonly timeoutMs: () => number;
  /** Writes to the store; rejects when that cannot be. */
  readonly ping: () => Promise<void>;
  /** Called with what the operator is told once the store can be written again. */
  readonly onRecovered: (report: Report) => void;
}

/** The least time between two messages about the store, in milliseconds; ours. */
const FOLD_MS = 600_000;

/**
 * Tells that the store cannot be written, by itself: what is told otherwise is first kept in the store. It passes the
 * lanes by, in which nothing can move meanwhile.
 */
export class StoreWatch {
  readonly #parts: StoreWatchParts;
  #failingSince: number | null = null;
  #isAsking = false;
  #toldAt = -Infinity;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(parts: StoreWatchParts) {
    this.#parts = parts;
  }

  /** Notes a transaction that worked; as it may have had nothing to write, that is tried before anybody is told. */
  worked(): void {
    if (this.#failingSince === null || this.#isAsking) return;
    this.#isAsking = true;
    const asking = this.#parts
      .ping()
      .then(
        () => this.#recovered(),
        () => {},
      )
      .finally(() => {
        this.#isAsking = false;
        this.#underWay.delete(asking);
      });
    this.#underWay.add(asking);
  }

  #recovered(): void {
    if (this.#failingSince === null) return;
    const { now, log, onRecovered } = this.#parts;
    const seconds = Math.round((now() - this.#failingSince) / 1000);
    this.#failingSince = null;
    log.warn({ seconds }, "store works again");
    const text = `The store can be written again. For ${seconds} s it could not, and webhooks were answered 503, after which their senders try again.`;
    onRecovered({ cause: "store", text });
  }

  /** Notes a write that failed; the first one, and one in ten minutes, are told. */
  failed(error: unknown): void {
    const { now, log } = this.#parts;
    this.#failingSince ??= now();
    if (now() - this.#toldAt < FOLD_MS) return;
    this.#toldAt = now();
    const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
    log.error({ err: error }, "store cannot be written");
    const text = `The store cannot be written: ${why}. Webhooks are answered 503 until it can, and nothing is posted.`;
    for (const destination of this.#parts.destinations()) this.#post(destination, text);
  }

  /** Resolves when no message is on its way. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  #post(destination: Destination, text: string): void {
    const { log } = this.#parts;
    const sending = this.#send(destination, text)
      .catch((error: unknown) => log.error({ err: error }, "operator could not be told"))
      .finally(() => this.#underWay.delete(sending));
    this.#underWay.add(sending);
  }

  async #send(destination: Destination, text: string): Promise<void> {
    const { now, newId, log, timeoutMs } = this.#parts;
    const message = reportMessage([{ cause: "store", text, count: 1, since: now() }], now());
    const id = newId();
    const attempt = { delivery: id, event: id, number: 1, now: now(), doubtfulSince: now() };
    const request = destination.compose(message, "full");
    const outcome = await destination.send(request, attempt, AbortSignal.timeout(timeoutMs()));
    if (outcome.kind === "delivered") return;
    const failed = { destination: destination.name, reason: outcome.reason };
    log.error({ cause: "store", failed: [failed] }, "operator could not be told");
  }
}

import type { DeliveryForm, Unmade } from "../core/delivery.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Destination } from "../destinations/destination.ts";
import type { DueReport } from "../store/store.ts";
import type { Duty } from "./duty.ts";
import { insist } from "./insist.ts";
import type { Log } from "./log.ts";
import { reportMessage } from "./report-message.ts";
import { ReportSender, type ReportSenderParts } from "./report-sender.ts";
import { reportsOfLate } from "./report.ts";
import { type Round, Worker } from "./worker.ts";

/** What the operator's reports are made with. */
export interface OperatorParts extends ReportSenderParts {
  /** Where reports go; none when only the log is told. */
  readonly destinations: () => readonly Destination[];
  /** Whether this bridge tells what there is to tell. */
  readonly duty: Pick<Duty, "isMine" | "leave">;
  readonly log: Log;
}

/** Why the operator cannot be told, and since when. */
export interface OperatorTrouble {
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly reason: string;
}

/** The least time between two reports of one cause, in milliseconds; ours. */
const FOLD_MS = 600_000;

/** How long a delivery may wait before it is called late, in milliseconds; ours. */
const LATE_MS = 600_000;

/** How often late deliveries are looked for, in milliseconds; ours. */
const LOOK_EVERY_MS = 60_000;

/** The first and the longest pause after the operator could not be told, in milliseconds; ours. */
const AGAIN = { firstMs: 30_000, longestMs: FOLD_MS } as const;

/**
 * Tells people about the bridge's own troubles: at most one message a cause in ten minutes. What cannot be told is
 * logged as an error, and tried again.
 */
export class Operator {
  readonly #parts: OperatorParts;
  readonly #worker: Worker;
  readonly #sender: ReportSender;
  readonly #stopping = new AbortController();
  #isTelling = false;
  #form: DeliveryForm = "full";
  #failures = 0;
  #notBefore = 0;
  #lookAt: number;
  #late: ReadonlySet<string> = new Set();
  #trouble: OperatorTrouble | null = null;
  /** The id of the message for the reports that are due, kept while these are the same. */
  #message = { reports: "", id: "" };

  constructor(parts: OperatorParts) {
    this.#parts = parts;
    this.#lookAt = parts.now() + LOOK_EVERY_MS;
    this.#sender = new ReportSender(parts);
    this.#worker = new Worker({ run: () => this.#round(), onError: parts.onError });
  }

  start(): void {
    this.#worker.start();
  }

  /** Has new reports told soon. */
  wake(): void {
    this.#worker.wake();
  }

  /** Has reports told anew that could not be told, because they go elsewhere from now on. */
  moved(): void {
    this.#trouble = null;
    this.#failures = 0;
    this.#notBefore = 0;
    this.#form = "full";
    this.wake();
  }

  /** Lanes that a report waits for, so that no delivery takes them first. */
  get wanted(): readonly string[] {
    return this.#sender.wanted;
  }

  /** Why the operator cannot be told; `null` while all is well. */
  get trouble(): OperatorTrouble | null {
    return this.#trouble;
  }

  /** Whether a report is on its way, or about to be. */
  async isBusy(): Promise<boolean> {
    if (this.#isTelling) return true;
    if (this.#trouble !== null) return false;
    const { store, now } = this.#parts;
    return (await store.dueReports(now(), FOLD_MS)).length > 0;
  }

  /**
   * Begins no further report and lets the one under way end, which is cut off after `graceMs` milliseconds; what is not
   * told stays in the store.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    this.#sender.stop(graceMs);
    await this.#worker.stop();
    await this.#parts.duty.leave().catch(this.#parts.onError);
  }

  async #round(): Promise<Round> {
    const { store, duty, now } = this.#parts;
    if (!(await duty.isMine())) return { again: false };
    await this.#lookForLate();
    const due = this.#isWaiting() ? [] : await store.dueReports(now(), FOLD_MS);
    if (due.length > 0) await this.#tell(due);
    const told = await store.oldestTold();
    const dueAt = told === undefined ? Infinity : Math.max(told + FOLD_MS, this.#notBefore);
    return { again: false, dueInMs: Math.min(this.#lookAt, dueAt) - now() };
  }

  /** A clock that was set back must not make a pause longer than it was meant to be. */
  #isWaiting(): boolean {
    const waitMs = this.#notBefore - this.#parts.now();
    return waitMs > 0 && waitMs <= AGAIN.longestMs;
  }

  async #lookForLate(): Promise<void> {
    const { store, now } = this.#parts;
    const waitMs = this.#lookAt - now();
    if (waitMs > 0 && waitMs <= LOOK_EVERY_MS) return;
    this.#lookAt = now() + LOOK_EVERY_MS;
    const late = await store.late(now() - LATE_MS);
    await store.report(reportsOfLate(late, this.#late, now()), now());
    this.#late = new Set(late.map((one) => one.destination));
  }

  async #tell(due: readonly DueReport[]): Promise<void> {
    const { log, destinations } = this.#parts;
    const to = destinations();
    if (to.length === 0) {
      for (const { cause, text, count } of due)
        log.error({ cause, report: text, count }, "report to the operator");
      return this.#told(due);
    }
    this.#isTelling = true;
    try {
      const outcomes = await this.#send(due, to);
      const isTold = outcomes.some((one) => one.kind === "delivered");
      if (this.#sender.isStopping && !isTold) return;
      this.#note(outcomes, to, due);
      if (!isTold) return;
      log.info({ causes: due.map((one) => one.cause) }, "operator told");
      await this.#told(due);
    } finally {
      this.#isTelling = false;
    }
  }

  #send(due: readonly DueReport[], to: readonly Destination[]): Promise<(Outcome | Unmade)[]> {
    const { newId, now } = this.#parts;
    const reports = due.map(({ cause, since }) => `${cause} ${since}`).join("\n");
    // Sent again under the same id, a message that was posted after all is not posted twice where the platform can tell.
    if (this.#message.reports !== reports) this.#message = { reports, id: newId("rpt") };
    const { id } = this.#message;
    const message = reportMessage(due, now());
    const outgoing = { id, message, form: this.#form };
    return Promise.all(to.map((one) => this.#sender.send(one, outgoing)));
  }

  /** A message that was posted must be written down, or it would be posted again and again. */
  #told(due: readonly DueReport[]): Promise<void> {
    const { store, now, onError } = this.#parts;
    return insist(() => store.told(due, now()), this.#stopping.signal, onError);
  }

  /** What the operator could not be told is told by the log, as an error, and by `/readyz`. */
  #note(
    outcomes: readonly (Outcome | Unmade)[],
    to: readonly Destination[],
    due: readonly DueReport[],
  ): void {
    const { log, now } = this.#parts;
    const failed = outcomes.flatMap((one, index) =>
      one.kind === "delivered" ? [] : [{ destination: to[index]?.name, reason: one.reason }],
    );
    const [first] = failed;
    if (failed.length > 0)
      for (const { cause, text, count } of due)
        log.error({ cause, report: text, count, failed }, "operator could not be told");
    if (first === undefined || failed.length < outcomes.length) {
      this.#trouble = null;
      this.#failures = 0;
      this.#form = "full";
      return;
    }
    this.#trouble = { since: this.#trouble?.since ?? now(), reason: first.reason.text };
    if (outcomes.some((one) => one.kind === "rejected" && one.scope === "message"))
      this.#form = "plain";
    const pauseMs = AGAIN.firstMs * 2 ** Math.min(this.#failures, 30);
    this.#failures += 1;
    // What may have been posted is not repeated sooner than any other report.
    const isDoubtful = outcomes.some((one) => one.kind === "unknown");
    this.#notBefore = now() + (isDoubtful ? FOLD_MS : Math.min(AGAIN.longestMs, pauseMs));
  }
}

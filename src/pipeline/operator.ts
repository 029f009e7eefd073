import { type DeliveryForm, judge, type Unmade } from "../core/delivery.ts";
import type { Message } from "../core/message.ts";
import type { Outcome, Reason } from "../core/outcome.ts";
import type { Destination } from "../destinations/destination.ts";
import type { DueReport, Reservation, Store } from "../store/store.ts";
import { insist } from "./insist.ts";
import type { Log } from "./log.ts";
import { reportMessage } from "./report-message.ts";
import { reportsOfLate } from "./report.ts";
import { type Round, Worker } from "./worker.ts";

/** What the operator's reports are sent with. */
export interface OperatorParts {
  readonly store: Store;
  /** Where reports go; none when only the log is told. */
  readonly destinations: () => readonly Destination[];
  /** The bridge's own id. */
  readonly owner: string;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
  readonly log: Log;
  readonly timeoutMs: () => number;
  /** Called with what each sending came to. */
  readonly onSent: (outcome: "delivered" | "failed") => void;
  readonly onError: (error: unknown) => void;
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
const AGAIN = { firstMs: 30_000, longestMs: 600_000 } as const;

/** How long a report waits for its lane before that counts as a failure, in milliseconds; ours: longer than a send takes. */
const LANE_WAIT_MS = 60_000;

/** How often a lane in use is asked for, in milliseconds; ours. */
const LANE_POLL_MS = 25;

/** How long a lane is held, in milliseconds; ours: well above the longest send. */
const LEASE_MS = 120_000;

/**
 * Tells people about the bridge's own troubles: at most one message a cause in ten minutes, through the lanes and at the
 * pace of their channels. What cannot be told is logged as an error, and tried again.
 */
export class Operator {
  readonly #parts: OperatorParts;
  readonly #worker: Worker;
  readonly #wanted = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #cutOff = new AbortController();
  #isSending = false;
  #form: DeliveryForm = "full";
  #failures = 0;
  #notBefore = 0;
  #lookAt: number;
  #late: ReadonlySet<string> = new Set();
  #trouble: OperatorTrouble | null = null;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
    this.#lookAt = parts.now() + LOOK_EVERY_MS;
    this.#worker = new Worker({ run: () => this.#round(), onError: parts.onError });
  }

  start(): void {
    this.#worker.start();
  }

  /** Has new reports told soon. */
  wake(): void {
    this.#worker.wake();
  }

  /** Lanes that a report waits for, so that no delivery takes them first. */
  get wanted(): readonly string[] {
    return [...this.#wanted];
  }

  /** Why the operator cannot be told; `null` while all is well. */
  get trouble(): OperatorTrouble | null {
    return this.#trouble;
  }

  /** Whether a report is on its way, or about to be. */
  async isBusy(): Promise<boolean> {
    if (this.#isSending) return true;
    if (this.#trouble !== null) return false;
    const { store, now } = this.#parts;
    return (await store.dueReports(now() - FOLD_MS)).length > 0;
  }

  /**
   * Begins no further report and lets the one under way end, which is cut off after `graceMs` milliseconds; what is not
   * told stays in the store.
   */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const cut = setTimeout(() => this.#cutOff.abort(), graceMs);
    await this.#worker.stop();
    clearTimeout(cut);
  }

  async #round(): Promise<Round> {
    const { store, now } = this.#parts;
    await this.#lookForLate();
    const due = now() < this.#notBefore ? [] : await store.dueReports(now() - FOLD_MS);
    if (due.length > 0) await this.#tell(due);
    const told = await store.oldestTold();
    const nextAt = Math.min(
      this.#lookAt,
      told === undefined ? Infinity : Math.max(told + FOLD_MS, this.#notBefore),
    );
    return { again: false, dueInMs: nextAt - now() };
  }

  async #lookForLate(): Promise<void> {
    const { store, now } = this.#parts;
    if (now() < this.#lookAt) return;
    this.#lookAt = now() + LOOK_EVERY_MS;
    const late = await store.late(now() - LATE_MS);
    await store.report(reportsOfLate(late, this.#late, now()), now());
    this.#late = new Set(late.map((one) => one.destination));
  }

  async #tell(due: readonly DueReport[]): Promise<void> {
    const { store, now, log, destinations } = this.#parts;
    const to = destinations();
    if (to.length === 0) {
      for (const { cause, text, count } of due)
        log.warn({ cause, report: text, count }, "report to the operator");
      return store.told(due, now());
    }
    this.#isSending = true;
    try {
      const message = reportMessage(due, now());
      const problems = await Promise.all(to.map((one) => this.#post(one, message)));
      if (this.#stopping.signal.aborted && !problems.includes(null)) return;
      if (problems.includes(null)) {
        await store.told(due, now());
        log.info({ causes: due.map((one) => one.cause) }, "operator told");
      }
      this.#note(problems, due);
    } finally {
      this.#isSending = false;
    }
  }

  /** What the operator could not be told is told by the log, as an error, and by `/readyz`. */
  #note(problems: readonly (Reason | null)[], due: readonly DueReport[]): void {
    const { log, now } = this.#parts;
    const problem = problems.find((one) => one !== null) ?? null;
    this.#trouble =
      problem === null ? null : { since: this.#trouble?.since ?? now(), reason: problem.text };
    if (problems.includes(null)) {
      this.#failures = 0;
      this.#form = "full";
    } else {
      const pauseMs = AGAIN.firstMs * 2 ** Math.min(this.#failures, 30);
      this.#failures += 1;
      this.#notBefore = now() + Math.min(AGAIN.longestMs, pauseMs);
    }
    if (problem === null) return;
    for (const { cause, text, count } of due)
      log.error({ cause, report: text, count, reason: problem }, "operator could not be told");
  }

  /** Sends a message by one destination; gives back why that did not work, `null` when it did. */
  async #post(destination: Destination, message: Message): Promise<Reason | null> {
    const held = await this.#take(destination);
    if (!("owner" in held)) return held;
    const { store, now, random, onSent, onError } = this.#parts;
    const form = this.#form;
    const outcome = await this.#send(destination, message, form);
    const settlement = judge(outcome, {
      ...held,
      now: now(),
      random: random(),
      createdAt: now(),
      giveUpAfterMs: Infinity,
      form,
      paceMs: destination.paceMs,
      onUnknown: "retry",
    });
    await insist(() => store.release(held, settlement), this.#stopping.signal, onError);
    onSent(outcome.kind === "delivered" ? "delivered" : "failed");
    if (outcome.kind === "rejected" && outcome.scope === "message") this.#form = "plain";
    return problemOf(outcome);
  }

  async #send(
    destination: Destination,
    message: Message,
    form: DeliveryForm,
  ): Promise<Outcome | Unmade> {
    const { now, newId, timeoutMs } = this.#parts;
    const id = newId();
    const attempt = { delivery: id, event: id, number: 1, now: now(), doubtfulSince: now() };
    try {
      const request = destination.compose(message, form);
      const signal = AbortSignal.any([this.#cutOff.signal, AbortSignal.timeout(timeoutMs())]);
      return await destination.send(request, attempt, signal);
    } catch (error) {
      this.#parts.onError(error);
      const reason = { code: "message-failed", text: "The report could not be made." };
      return { kind: "unmade", reason, mayBePlain: false };
    }
  }

  /** Waits for the destination's lane and takes it; gives back why not when it stays closed. */
  async #take(destination: Destination): Promise<Reservation | Reason> {
    const { store, now, owner } = this.#parts;
    const { lane, account } = destination;
    const until = now() + LANE_WAIT_MS;
    this.#wanted.add(lane);
    try {
      for (;;) {
        const taken = await store.reserve({ lane, account, now: now(), owner, leaseMs: LEASE_MS });
        if ("owner" in taken) return taken;
        const waitMs = taken.openAt === null ? LANE_POLL_MS : taken.openAt - now();
        if (now() + waitMs > until || this.#stopping.signal.aborted) return CLOSED;
        await pause(Math.max(waitMs, 1), this.#stopping.signal);
      }
    } finally {
      this.#wanted.delete(lane);
    }
  }
}

const CLOSED: Reason = {
  code: "lane-closed",
  text: "The operator's channel is parked or takes nothing now.",
};

function problemOf(outcome: Outcome | Unmade): Reason | null {
  return outcome.kind === "delivered" ? null : outcome.reason;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}

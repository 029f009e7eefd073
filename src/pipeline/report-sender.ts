import { judge, type DeliveryForm, type Unmade } from "../core/delivery.ts";
import type { NewId } from "../core/id.ts";
import type { Message } from "../core/message.ts";
import type { Outcome, Reason } from "../core/outcome.ts";
import type { Destination } from "../destinations/destination.ts";
import type { Reservation, Store } from "../store/store.ts";
import { insist } from "./insist.ts";
import { LEASE, type Leases } from "./leases.ts";

/** What reports are sent with. */
export interface ReportSenderParts {
  readonly store: Store;
  readonly leases: Leases;
  readonly newId: NewId;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly timeoutMs: () => number;
  /** Called with what each sending came to. */
  readonly onSent: (outcome: "delivered" | "failed") => void;
  /** Called when a lane is left that deliveries may have passed over. */
  readonly onLaneLeft: () => void;
  readonly onError: (error: unknown) => void;
}

/** A report as it is sent; a report that is sent again keeps its id. */
export interface OutgoingReport {
  readonly id: string;
  readonly message: Message;
  readonly form: DeliveryForm;
}

/** How long a report waits for its lane, in milliseconds; ours: longer than a send takes. */
const LANE_WAIT_MS = 60_000;

/** How often a lane in use is asked for, in milliseconds; ours. */
const LANE_POLL_MS = 25;

/** Sends reports through the lanes of their channels, and so at their pace. */
export class ReportSender {
  readonly #parts: ReportSenderParts;
  readonly #wanted = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #cutOff = new AbortController();

  constructor(parts: ReportSenderParts) {
    this.#parts = parts;
  }

  /** Lanes that a report waits for, so that no delivery takes them first. */
  get wanted(): readonly string[] {
    return [...this.#wanted];
  }

  /** Whether it has been told to stop. */
  get isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Begins nothing more, and cuts off what is under way after `graceMs` milliseconds. */
  stop(graceMs: number): void {
    this.#stopping.abort();
    setTimeout(() => this.#cutOff.abort(), graceMs).unref();
  }

  /** Sends a report by one destination and says what came of it; never rejects. */
  async send(destination: Destination, report: OutgoingReport): Promise<Outcome | Unmade> {
    const { store, leases, now, random, onLaneLeft, onSent, onError } = this.#parts;
    const held = await this.#take(destination).catch((error: unknown) => {
      onError(error);
      return null;
    });
    if (held === null) return unmade(CLOSED);
    const outcome = await this.#call(destination, report);
    const settlement = judge(outcome, {
      ...held,
      now: now(),
      random: random(),
      createdAt: now(),
      giveUpAfterMs: Infinity,
      form: report.form,
      paceMs: destination.paceMs,
      onUnknown: "retry",
    });
    const release = () => store.release(held, settlement);
    await insist(release, this.#stopping.signal, onError).catch(onError);
    leases.drop(held);
    onLaneLeft();
    onSent(outcome.kind === "delivered" ? "delivered" : "failed");
    return outcome;
  }

  async #call(
    destination: Destination,
    { id, message, form }: OutgoingReport,
  ): Promise<Outcome | Unmade> {
    const { now, timeoutMs, onError } = this.#parts;
    const attempt = { delivery: id, event: id, number: 1, now: now(), doubtfulSince: now() };
    try {
      const request = destination.compose(message, form);
      const signal = AbortSignal.any([this.#cutOff.signal, AbortSignal.timeout(timeoutMs())]);
      return await destination.send(request, attempt, signal);
    } catch (error) {
      onError(error);
      return unmade({ code: "message-failed", text: "The report could not be made." });
    }
  }

  /** Waits for the destination's lane and takes it; gives back `null` when it stays closed. */
  async #take(destination: Destination): Promise<Reservation | null> {
    const { store, leases, newId, now, onLaneLeft } = this.#parts;
    const { lane, account } = destination;
    const request = { lane, account, owner: newId("clm"), leaseMs: LEASE.forMs };
    const until = now() + LANE_WAIT_MS;
    this.#wanted.add(lane);
    try {
      for (;;) {
        const { takesOver } = leases;
        const askedAt = performance.now();
        const taken = await store.reserve({ ...request, now: now(), takesOver });
        if ("owner" in taken) {
          leases.hold(taken, askedAt);
          return taken;
        }
        const waitMs = taken.openAt === null ? LANE_POLL_MS : taken.openAt - now();
        if (now() + waitMs > until || this.isStopping) break;
        await pause(Math.max(waitMs, 1), this.#stopping.signal);
      }
    } finally {
      this.#wanted.delete(lane);
    }
    onLaneLeft();
    return null;
  }
}

const CLOSED: Reason = {
  code: "lane-closed",
  text: "The operator's channel is parked or takes nothing now.",
};

function unmade(reason: Reason): Unmade {
  return { kind: "unmade", reason, mayBePlain: false };
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

import { judge, type Unmade } from "../core/delivery.ts";
import type { TemplateError } from "../core/error.ts";
import type { NewId } from "../core/id.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Bounds, Claim, EndedClaim, Store, UnderWay } from "../store/store.ts";
import { Gather } from "./gather.ts";
import { make, type Made, type Means } from "./attempt.ts";
import { insist } from "./insist.ts";
import { LEASE, type Leases } from "./leases.ts";
import { nextTurn, pause } from "./pause.ts";
import { reportsOf, reportsOfExpired, type Settled } from "./report.ts";
import { LEFT_MS } from "./rollout.ts";
import { type Round, Worker } from "./worker.ts";

/** What the deliver step works with. */
export interface DeliverParts {
  readonly store: Store;
  readonly means: () => Means;
  readonly leases: Leases;
  readonly newId: NewId;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Lanes that a report to the operator waits for. */
  readonly wanted: () => readonly string[];
  readonly onSettled: (settled: Settled) => void;
  /** Called with the destinations of deliveries that were given up on because they waited too long. */
  readonly onExpired: (destinations: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * The places for attempts under way at once, in all lanes together; ours. One takes a place, or several when its payload
 * is large.
 */
const PLACES = 128;

/**
 * How many of them lanes in trouble may take, and one account; ours: an account that hangs leaves places to the others,
 * and a lane in trouble to those that are well. One account may begin some hundred messages a second.
 */
const BOUNDS: Bounds = { troubled: 64, account: 32, accountTroubled: 16 };

/**
 * How long before a lane opens it is claimed, in milliseconds; ours. The commit of a claim then costs no lane its pace,
 * and the lanes that open within the same moment share it: one that is looked for `leastMs` ahead takes along those that
 * open up to `mostMs` ahead.
 */
const AHEAD = { leastMs: 25, mostMs: 75 } as const;

/** The most ends of attempts in one commit; ours: beyond it a larger one saves little, and everything else waits. */
const MOST_SETTLED = 50;

/** How often deliveries that wait too long are looked for, in milliseconds; ours. */
const EXPIRE_EVERY_MS = 60_000;

/** The third step: posts what waits, in order per lane, one attempt at a time. */
export class Deliver {
  readonly #parts: DeliverParts;
  readonly #worker: Worker;
  readonly #ended: Gather<EndedClaim, void>;
  readonly #underWay = new Map<Promise<void>, UnderWay & Pick<Claim, "lane">>();
  readonly #stopping = new AbortController();
  #expireAt = 0;
  /** Lanes of destinations that only other bridges know, and until when, by the machine's steady clock. */
  readonly #leftUntil = new Map<string, number>();
  /** Lanes in which no attempt is begun for now. */
  #held: readonly string[] = [];

  constructor(parts: DeliverParts) {
    this.#parts = parts;
    this.#ended = new Gather<EndedClaim, void>({
      write: async (ended) => {
        await parts.store.settle(ended);
        return ended.map(() => undefined);
      },
      fitting: (ended) => Math.min(ended.length, MOST_SETTLED),
    });
    this.#worker = new Worker({
      run: () => this.#round(),
      onError: parts.onError,
    });
  }

  start(): void {
    // What waited while the bridge was stopped is tried once before it is given up on.
    this.#expireAt = this.#parts.now() + EXPIRE_EVERY_MS;
    this.#worker.start();
  }

  wake(): void {
    this.#worker.wake();
  }

  /** Whether attempts are under way. */
  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  /**
   * Does something between two rounds, and while no attempt is under way in some lanes; elsewhere they go on. Rejects when
   * `work` does.
   */
  async between(lanes: readonly string[], work: () => Promise<void>): Promise<void> {
    await this.#worker.between(async () => {
      this.#held = lanes;
    });
    try {
      const held = new Set(lanes);
      const attempts = [...this.#underWay].filter(([, { lane }]) => held.has(lane));
      await Promise.all(attempts.map(([attempt]) => attempt));
      await this.#worker.between(work);
    } finally {
      this.#held = [];
      this.wake();
    }
  }

  /** Begins no further attempt and lets those under way end; after `graceMs` milliseconds cuts them off. */
  async stop(graceMs: number): Promise<void> {
    const cut = setTimeout(() => this.#stopping.abort(), graceMs);
    await this.#worker.stop();
    await Promise.allSettled(this.#underWay.keys());
    clearTimeout(cut);
  }

  async #round(): Promise<Round> {
    const { store, leases, newId, now, wanted } = this.#parts;
    await this.#expire();
    const limit = PLACES - placesOf(this.#underWay.values());
    // The end of an attempt wakes this again.
    if (limit <= 0) return { again: false };
    const at = now();
    const askedAt = performance.now();
    const claims = await store.claim({
      now: at,
      aheadMs: AHEAD.mostMs,
      limit,
      owner: newId("clm"),
      leaseMs: LEASE.forMs,
      except: [...wanted(), ...this.#held, ...leases.lanes, ...this.#left()],
      takesOver: leases.takesOver,
      underWay: [...this.#underWay.values()],
      bounds: BOUNDS,
    });
    // All of them before the first is begun, so that they are held for as long as that takes.
    for (const claim of claims) leases.hold(claim, askedAt);
    for (const claim of claims) {
      this.#begin(claim);
      // Messages are rendered one after the other: webhooks must not wait until all of them are.
      await nextTurn();
    }
    if (placesOf(claims) >= limit) return { again: false };
    const due = await store.nextDue(at + AHEAD.mostMs);
    if (due === undefined) return { again: false };
    return { again: false, dueInMs: due - AHEAD.leastMs - now() };
  }

  /** The lanes that are left to other bridges for now. */
  #left(): string[] {
    const now = performance.now();
    for (const [lane, until] of this.#leftUntil) if (until <= now) this.#leftUntil.delete(lane);
    return [...this.#leftUntil.keys()];
  }

  /** What waits in a parked lane is tried too seldom to be found too old by its attempts. */
  async #expire(): Promise<void> {
    const { store, now, means, onExpired } = this.#parts;
    if (now() < this.#expireAt) return;
    const expired = await store.expire({
      before: now() - means().giveUpAfterMs,
      now: now(),
      toReports: reportsOfExpired,
    });
    if (expired.length > 0) onExpired(expired);
    else this.#expireAt = now() + EXPIRE_EVERY_MS;
  }

  #begin(claim: Claim): void {
    const { leases } = this.#parts;
    const attempt = this.#attempt(claim)
      .catch(this.#parts.onError)
      .finally(() => {
        this.#underWay.delete(attempt);
        leases.drop(claim);
        this.#worker.wake();
      });
    const { lane, account, places } = claim;
    this.#underWay.set(attempt, { lane, account, isTroubled: claim.laneFailures > 0, places });
  }

  async #attempt(claim: Claim): Promise<void> {
    const openInMs = claim.startedAt - this.#parts.now();
    // A timer may fire within the millisecond before.
    if (openInMs > 0) await pause(openInMs + 1);
    // What came in meanwhile is read first: it may be a 429 that this attempt has to wait for as well.
    await nextTurn();
    const means = this.#parts.means();
    const stopping = this.#stopping.signal;
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(means.timeoutMs)]);
    const { now, store, leases } = this.#parts;
    if (store.isShared && !means.destinations.has(claim.destination))
      this.#leftUntil.set(claim.lane, performance.now() + LEFT_MS);
    const isSure = () => leases.isSure(claim);
    const moments = { now, turns: store, isShared: store.isShared, isSure };
    const made = await make(claim, means, moments, signal);
    const outcome = stopping.aborted ? cutOff(made.outcome) : made.outcome;
    await this.#settle(claim, means, { ...made, outcome });
  }

  async #settle(claim: Claim, means: Means, { outcome, rendered }: Made): Promise<void> {
    const now = this.#parts.now();
    const destination = means.destinations.get(claim.destination);
    // A message that the platform can be asked about is first looked for; only then is it held.
    const isLookedFor = rendered !== undefined && destination?.find !== undefined;
    const paceMs = destination?.paceMs ?? 0;
    const lookAfterMs = destination?.lookAfterMs ?? 0;
    // A look-up that failed is not repeated sooner than the first one was made.
    const isLookup = claim.doubtfulSince !== null && outcome.kind === "retry" && !outcome.own;
    const settlement = judge(outcome, {
      now,
      random: this.#parts.random(),
      createdAt: claim.createdAt,
      giveUpAfterMs: means.giveUpAfterMs,
      form: claim.form,
      paceMs: isLookup ? Math.max(paceMs, lookAfterMs) : paceMs,
      onUnknown: isLookedFor ? "retry" : (destination?.onUnknown ?? "retry"),
      lookAfterMs,
      laneFailures: claim.laneFailures,
      accountFailures: claim.accountFailures,
      laneParked: claim.laneParked,
      accountParked: claim.accountParked,
    });
    const templateError = rendered?.failure === undefined ? null : placed(rendered.failure);
    const reason = outcome.kind === "delivered" ? null : outcome.reason;
    const template = rendered?.template ?? claim.template ?? "default";
    const isRejected = outcome.kind === "rejected" && outcome.scope !== "message";
    const parked = isRejected ? outcome.scope : null;
    const { status } = settlement.delivery;
    const settled: Settled = { claim, outcome, status, parked, templateError, endedAt: now };
    const reports = reportsOf(settled);
    const attempt = {
      outcome: outcome.kind,
      reason,
      endedAt: now,
      template,
      templateError,
      reports,
    };
    const { store, onError, onSettled } = this.#parts;
    const ended = { claim, settlement, attempt };
    // A message that was posted must be written down; by itself, where what it shared a commit with may be what failed.
    let isAlone = false;
    const write = () => {
      const written = isAlone ? store.settle([ended]) : this.#ended.add(ended);
      isAlone = true;
      return written;
    };
    await insist(write, this.#stopping.signal, onError);
    onSettled(settled);
  }
}

function placesOf(all: Iterable<{ readonly places: number }>): number {
  return [...all].reduce((sum, one) => sum + one.places, 0);
}

function placed({ message, place }: TemplateError): string {
  return place === undefined ? message : `${place}: ${message}`;
}

/** What we cut off by ourselves says nothing about the platform, and must not count as its failure. */
function cutOff(outcome: Outcome | Unmade): Outcome | Unmade {
  const isSilent = outcome.kind === "unknown" && outcome.reason.code === "timeout";
  const isLookup = outcome.kind === "retry" && outcome.reason.code === "in-doubt";
  return isSilent || isLookup ? { ...outcome, own: true } : outcome;
}

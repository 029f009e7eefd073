import { judge, type Unmade } from "../core/delivery.ts";
import type { TemplateError } from "../core/error.ts";
import type { Facts } from "../core/facts.ts";
import { factsOf } from "../core/facts.ts";
import type { MessageRef, Outcome } from "../core/outcome.ts";
import type { Attempt, Destination } from "../destinations/destination.ts";
import type { Rendered, Templates } from "../render/rendered.ts";
import type { Source } from "../sources/source.ts";
import type { Claim, Store } from "../store/store.ts";
import { type Round, Worker } from "./worker.ts";

/** What deliveries are made with: one revision of the config, swapped whole. */
export interface Means {
  readonly sources: ReadonlyMap<string, Source>;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly templates: Templates;
  readonly giveUpAfterMs: number;
  readonly timeoutMs: number;
}

/** What the deliver step works with. */
export interface DeliverParts {
  readonly store: Store;
  readonly means: () => Means;
  /** The bridge's own id. */
  readonly owner: string;
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onSettled: (settled: Settled) => void;
  /** Called with the destinations of deliveries that were given up on because they waited too long. */
  readonly onExpired: (destinations: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** What is told of a settled attempt. */
export interface Settled {
  readonly claim: Claim;
  readonly outcome: Outcome | Unmade;
  readonly status: "pending" | "delivered" | "unknown" | "dead";
  /** What was parked by it. */
  readonly parked: "lane" | "account" | null;
  readonly templateError: string | null;
}

/** The most attempts under way at once, in all lanes together; ours. */
const MAX_UNDER_WAY = 64;

/** How long a claim is good for, in milliseconds; ours: well above the longest attempt. */
const LEASE_MS = 120_000;

/** How often deliveries that wait too long are looked for, in milliseconds; ours. */
const EXPIRE_EVERY_MS = 60_000;

/** The pause between two tries to write an attempt down, in milliseconds; ours. */
const SETTLE_AGAIN_MS = 1_000;

/** The third step: posts what waits, in order per lane, one attempt at a time. */
export class Deliver {
  readonly #parts: DeliverParts;
  readonly #worker: Worker;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #expireAt = 0;

  constructor(parts: DeliverParts) {
    this.#parts = parts;
    this.#worker = new Worker({
      run: () => this.#round(),
      onError: parts.onError,
    });
  }

  start(): void {
    this.#worker.start();
  }

  wake(): void {
    this.#worker.wake();
  }

  /** Whether attempts are under way. */
  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  /** Begins no further attempt and lets those under way end; after `graceMs` milliseconds cuts them off. */
  async stop(graceMs: number): Promise<void> {
    await this.#worker.stop();
    const cut = setTimeout(() => this.#stopping.abort(), graceMs);
    await Promise.allSettled(this.#underWay);
    clearTimeout(cut);
  }

  async #round(): Promise<Round> {
    const { store, now, owner } = this.#parts;
    await this.#expire();
    const limit = MAX_UNDER_WAY - this.#underWay.size;
    const claims =
      limit === 0 ? [] : await store.claim({ now: now(), limit, owner, leaseMs: LEASE_MS });
    for (const claim of claims) this.#begin(claim);
    // The end of an attempt wakes this again.
    if (claims.length === limit) return { again: false };
    const due = await store.nextDue();
    return due === undefined ? { again: false } : { again: false, dueInMs: due - now() };
  }

  /** What waits in a parked lane is tried too seldom to be found too old by its attempts. */
  async #expire(): Promise<void> {
    const { store, now, means, onExpired } = this.#parts;
    if (now() < this.#expireAt) return;
    const expired = await store.expire(now() - means().giveUpAfterMs);
    if (expired.length > 0) onExpired(expired);
    else this.#expireAt = now() + EXPIRE_EVERY_MS;
  }

  #begin(claim: Claim): void {
    const attempt = this.#attempt(claim)
      .catch(this.#parts.onError)
      .finally(() => {
        this.#underWay.delete(attempt);
        this.#worker.wake();
      });
    this.#underWay.add(attempt);
  }

  async #attempt(claim: Claim): Promise<void> {
    const means = this.#parts.means();
    const destination = means.destinations.get(claim.destination);
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(means.timeoutMs)]);
    const made =
      destination === undefined
        ? { outcome: withoutDestination(claim), rendered: undefined }
        : await make(claim, destination, means, signal).catch(failed);
    await this.#settle(claim, destination, means, made.outcome, made.rendered);
  }

  async #settle(
    claim: Claim,
    destination: Destination | undefined,
    means: Means,
    outcome: Outcome | Unmade,
    rendered: Rendered | undefined,
  ): Promise<void> {
    const now = this.#parts.now();
    // A message that the platform can be asked about is first looked for; only then is it held.
    const isLookedFor = rendered !== undefined && destination?.find !== undefined;
    const settlement = judge(outcome, {
      now,
      random: this.#parts.random(),
      createdAt: claim.createdAt,
      giveUpAfterMs: means.giveUpAfterMs,
      form: claim.form,
      paceMs: destination?.paceMs ?? 0,
      onUnknown: isLookedFor ? "retry" : (destination?.onUnknown ?? "retry"),
      laneFailures: claim.laneFailures,
      accountFailures: claim.accountFailures,
      laneParked: claim.laneParked,
      accountParked: claim.accountParked,
    });
    const templateError = rendered?.failure === undefined ? null : placed(rendered.failure);
    const reason = outcome.kind === "delivered" ? null : outcome.reason;
    const template = rendered?.template ?? claim.template ?? "default";
    const attempt = { outcome: outcome.kind, reason, endedAt: now, template, templateError };
    await this.#insist(() => this.#parts.store.settle(claim, settlement, attempt));
    const isRejected = outcome.kind === "rejected" && outcome.scope !== "message";
    const parked = isRejected ? outcome.scope : null;
    this.#parts.onSettled({
      claim,
      outcome,
      status: settlement.delivery.status,
      parked,
      templateError,
    });
  }

  /** A message that was posted must be written down: tries until the store can write, or the bridge stops. */
  async #insist(write: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        this.#parts.onError(error);
        if (this.#stopping.signal.aborted) throw error;
        await new Promise((resolve) => setTimeout(resolve, SETTLE_AGAIN_MS));
      }
    }
  }
}

function placed({ message, place }: TemplateError): string {
  return place === undefined ? message : `${place}: ${message}`;
}

interface Made {
  readonly outcome: Outcome | Unmade;
  readonly rendered: Rendered | undefined;
}

/** An error of ours, before anything was sent. Its message may hold a customer's data, so only its name is kept. */
function failed(error: unknown): Made {
  const name = error instanceof Error ? error.name : typeof error;
  const reason = { code: "message-failed", text: `The message could not be made (${name}).` };
  return { outcome: { kind: "unmade", reason, mayBePlain: true }, rendered: undefined };
}

async function make(
  claim: Claim,
  destination: Destination,
  means: Means,
  signal: AbortSignal,
): Promise<Made> {
  const attempt: Attempt = {
    delivery: claim.delivery,
    event: claim.event.id,
    number: claim.attempt,
    now: claim.startedAt,
    doubtfulSince: claim.doubtfulSince ?? claim.startedAt,
  };
  if (claim.doubtfulSince !== null) {
    const outcome = await lookAgain(destination, attempt, signal);
    if (outcome !== undefined) return { outcome, rendered: undefined };
  }
  const facts = factsOfClaim(claim, means);
  if (facts === undefined) return { outcome: unreadable(claim), rendered: undefined };
  const rendered = means.templates.render(claim.template, facts, destination.platform);
  const request = destination.compose(rendered.message, claim.form);
  return { outcome: await destination.send(request, attempt, signal), rendered };
}

/** What to make of a message that may have been posted already; `undefined` to post it (again). */
async function lookAgain(
  destination: Destination,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  const found = await find(destination, attempt, signal);
  if (found === "later") {
    const text =
      "An earlier attempt may have posted the message, and the platform cannot be asked now.";
    return { kind: "retry", scope: "lane", reason: { code: "in-doubt", text } };
  }
  if (found) return { kind: "delivered", ref: found };
  if (found === null || destination.onUnknown === "retry") return undefined;
  const text = "An earlier attempt may have posted the message, and the platform cannot tell.";
  return { kind: "unknown", reason: { code: "in-doubt", text } };
}

async function find(
  destination: Destination,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<MessageRef | null | undefined | "later"> {
  try {
    return await destination.find?.(attempt, signal);
  } catch {
    return "later";
  }
}

function factsOfClaim(claim: Claim, means: Means): Facts | undefined {
  const source = means.sources.get(claim.event.source);
  const [first, ...rest] = claim.event.changes;
  if (source === undefined || first === undefined) return undefined;
  return factsOf(source.parse(claim.event.body), source, [first, ...rest]);
}

/** The other deliveries in the lane may be of other destinations and sources: they do not wait for this one. */
function withoutDestination(claim: Claim): Unmade {
  const text = `The config has no destination called "${claim.destination}" any more.`;
  return { kind: "unmade", reason: { code: "destination-unknown", text }, mayBePlain: false };
}

function unreadable(claim: Claim): Unmade {
  const text = `The config has no source called "${claim.event.source}" any more, so the event cannot be read.`;
  return { kind: "unmade", reason: { code: "source-unknown", text }, mayBePlain: false };
}

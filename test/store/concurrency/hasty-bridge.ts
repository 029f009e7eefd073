import { setTimeout as pause } from "node:timers/promises";
import { judge } from "../../../src/core/delivery.ts";
import type { Outcome } from "../../../src/core/outcome.ts";
import type {
  Claim,
  EndedClaim,
  LaneOf,
  PrunePlace,
  Reservation,
  Store,
} from "../../../src/store/store.ts";
import { working } from "./working.ts";
import type { Attempt, Chronicle } from "./chronicle.ts";
import type { HurriedClock } from "./hurried-clock.ts";
import type { Luck } from "./luck.ts";
import { CONFIGS, webhookOf } from "./town.ts";
import type { Vendor } from "./vendor.ts";

/** What a bridge of the test works with; all but the store and the luck it shares with the others. */
export interface HastyParts {
  readonly store: Store;
  readonly name: string;
  readonly luck: Luck;
  readonly clock: HurriedClock;
  readonly chronicle: Chronicle;
  readonly newId: (prefix: string) => string;
  readonly vendor: Vendor;
}

/** Times of the bridges' clock, in milliseconds. */
const TIMES = {
  lease: 30_000,
  heartbeat: 8_000,
  giveUpAfter: 400_000,
} as const;

/** Does what bridges do with a store, at random and as fast as it can, and now and then dies in the middle of it. */
export class HastyBridge {
  readonly #parts: HastyParts;
  readonly #held = new Set<Attempt>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #quarantined = new Map<number, string>();
  #config: readonly LaneOf[];
  #places: Record<"payloads" | "events", PrunePlace | null> = { payloads: null, events: null };

  constructor(parts: HastyParts) {
    this.#parts = parts;
    this.#config = parts.luck.of(CONFIGS);
  }

  /** Works until it is stopped, and ends what is under way. */
  async run(stop: AbortSignal): Promise<void> {
    await Promise.all([
      this.#repeat(stop, 12, () => this.#takeIn()),
      this.#repeat(stop, 8, () => this.#process()),
      this.#repeat(stop, 4, () => this.#claim()),
      this.#repeat(stop, this.#parts.clock.real(TIMES.heartbeat), () => this.#extend()),
      this.#repeat(stop, 60, () => this.#steer()),
      this.#repeat(stop, 60, () => this.#tidy()),
      this.#repeat(stop, 60, () => this.#tell()),
    ]);
    await Promise.all(this.#underWay);
  }

  async #repeat(stop: AbortSignal, everyMs: number, work: () => Promise<void>): Promise<void> {
    while (!stop.aborted) {
      await work().catch((error: unknown) => this.#parts.chronicle.failed(error));
      await pause(everyMs * 2 * this.#parts.luck.number());
    }
  }

  /** Most webhooks come to several bridges at once, as a vendor's do that sends again what was answered too late. */
  async #takeIn(): Promise<void> {
    const { store, luck, clock, chronicle, newId, vendor } = this.#parts;
    const numbers = vendor.send(luck, clock.now());
    const batch = numbers.map((number) => webhookOf(number, newId("evt"), clock.now()));
    for (const number of numbers) chronicle.send(number);
    // What was not answered comes again at once: nothing that was sent is lost.
    const enqueued = await this.#insist(() => store.enqueue(batch));
    vendor.answered(numbers);
    enqueued.forEach(({ id }, index) => {
      const number = numbers[index] ?? -1;
      chronicle.answered(number);
      if (batch[index]?.quarantine !== null) this.#quarantined.set(number, id);
    });
  }

  async #process(): Promise<void> {
    const { store, luck, clock, newId } = this.#parts;
    const work = working(this.#config, newId);
    await store.process(luck.between(1, 25), clock.now(), work, () => luck.has(0.05));
  }

  async #claim(): Promise<void> {
    const { store, luck, clock, newId } = this.#parts;
    const now = clock.now();
    const claims = await store.claim({
      now,
      aheadMs: luck.has(0.5) ? 75 : 0,
      limit: luck.between(1, 6),
      owner: newId("clm"),
      leaseMs: TIMES.lease,
      takesOver: luck.has(0.7),
      ...(luck.has(0.5) && { bounds: { troubled: 4, account: 3, accountTroubled: 2 } }),
    });
    for (const claim of claims) {
      const attempt = this.#begin(claim, now);
      const end = this.#end(attempt)
        .catch((error: unknown) => this.#parts.chronicle.failed(error))
        .finally(() => this.#underWay.delete(end));
      this.#underWay.add(end);
    }
  }

  #begin(claim: Claim, now: number): Attempt {
    const attempt: Attempt = {
      claim,
      isProbe: claim.accountParked !== null || claim.accountFailures > 0,
      claimedAt: now,
      leaseUntil: now + TIMES.lease,
      from: performance.now(),
      to: Infinity,
      deliveredAt: Infinity,
    };
    this.#parts.chronicle.attempts.push(attempt);
    this.#held.add(attempt);
    return attempt;
  }

  async #end(attempt: Attempt): Promise<void> {
    const { luck, clock } = this.#parts;
    if (luck.has(0.04)) return this.#die(attempt);
    const isFrozen = luck.has(0.03);
    if (isFrozen) this.#held.delete(attempt);
    await pause(isFrozen ? clock.real(TIMES.lease * 1.3) : luck.between(0, 30));
    attempt.to = performance.now();
    await this.#settle(attempt, outcomeOf(luck));
    this.#held.delete(attempt);
  }

  /** What a bridge was at that died, others find when its lease has run out. */
  #die(attempt: Attempt): void {
    this.#held.delete(attempt);
    attempt.to = performance.now();
  }

  async #settle(attempt: Attempt, outcome: Outcome): Promise<void> {
    const { store, luck, clock } = this.#parts;
    const ended = this.#ended(attempt.claim, outcome);
    await this.#insist(() => store.settle([ended]));
    if (outcome.kind === "delivered" && clock.now() < attempt.leaseUntil)
      attempt.deliveredAt = performance.now();
    // As when the first commit had gone through, and nobody heard of it.
    if (luck.has(0.1)) await this.#insist(() => store.settle([ended]));
  }

  #ended(claim: Claim, outcome: Outcome): EndedClaim {
    const now = this.#parts.clock.now();
    const attempt = {
      outcome: outcome.kind,
      reason: outcome.kind === "delivered" ? null : outcome.reason,
      endedAt: now,
      template: "default",
      templateError: null,
      reports: outcome.kind === "rejected" ? [{ cause: `no:${claim.lane}`, text: "No." }] : [],
    };
    return { claim, attempt, settlement: this.#judge(claim, outcome, claim.createdAt, now) };
  }

  #judge(held: Reservation, outcome: Outcome, createdAt: number, now: number) {
    return judge(outcome, {
      ...held,
      now,
      random: this.#parts.luck.number(),
      createdAt,
      giveUpAfterMs: TIMES.giveUpAfter,
      form: "full",
      paceMs: 200,
      onUnknown: "retry",
    });
  }

  async #extend(): Promise<void> {
    const { store, clock } = this.#parts;
    const [held, now] = [[...this.#held], clock.now()];
    await store.extend({ held: held.map(({ claim }) => claim), now, leaseMs: TIMES.lease });
    for (const attempt of held) attempt.leaseUntil = now + TIMES.lease;
  }

  /** What people do, and bridges that start or get another configuration. */
  async #steer(): Promise<void> {
    const { store, luck, clock } = this.#parts;
    const now = clock.now();
    if (luck.has(0.15)) this.#config = luck.of(CONFIGS);
    if (luck.has(0.2)) await store.align(this.#config, now);
    if (luck.has(0.3)) await store.resume(luck.of(["a", "b", "c", "a/C0", "b/C3", "c/C5"]), now);
    if (luck.has(0.3)) await this.#replay();
    if (luck.has(0.5)) await this.#requeue();
    if (luck.has(0.3)) await this.#speak();
  }

  async #replay(): Promise<void> {
    const { store, luck, clock, chronicle, newId } = this.#parts;
    const status = luck.of(["dead", "unknown"] as const);
    const replayed = await store.replay({
      select: { status },
      lanes: this.#config,
      now: clock.now(),
      newId: () => newId("rpl"),
    });
    for (const { id, of } of replayed)
      if (id !== null) chronicle.repeated.set(of, [...(chronicle.repeated.get(of) ?? []), id]);
    const some = chronicle.attempts.slice(-200).map(({ claim }) => claim);
    if (some.length === 0) return;
    const old = luck.of(chronicle.attempts).claim;
    await store.replay({
      deliveries: [luck.of(some).delivery, old.delivery],
      lanes: this.#config,
      now: clock.now(),
      newId: () => newId("rpl"),
    });
  }

  async #requeue(): Promise<void> {
    const { store, chronicle } = this.#parts;
    const [first] = this.#quarantined;
    if (first === undefined) return;
    const [number, id] = first;
    const { type, time } = webhookOf(number, id, 0);
    const isQueued = await store.requeue({ id, type, time: String(time), subject: `q${number}` });
    this.#quarantined.delete(number);
    if (isQueued) chronicle.requeued.add(number);
  }

  /** A report takes a lane like a delivery does. */
  async #speak(): Promise<void> {
    const { store, luck, clock, newId } = this.#parts;
    const { lane, account } = luck.of(this.#config);
    const owner = newId("clm");
    const request = { lane, account, owner, leaseMs: TIMES.lease, takesOver: true };
    const held = await store.reserve({ ...request, now: clock.now() });
    if (!("owner" in held) || luck.has(0.05)) return;
    await pause(luck.between(0, 10));
    const now = clock.now();
    const settlement = this.#judge(held, outcomeOf(luck), now, now);
    await this.#insist(() => store.release(held, settlement));
    if (luck.has(0.2)) await this.#insist(() => store.release(held, settlement));
  }

  async #tidy(): Promise<void> {
    const { store, luck, clock, vendor } = this.#parts;
    const now = clock.now();
    if (luck.has(0.3))
      await store.expire({
        before: now - TIMES.giveUpAfter / 2,
        now,
        toReports: (gone) => gone.map((name) => ({ cause: `gone:${name}`, text: "Gone." })),
      });
    for (const what of ["payloads", "events"] as const) {
      // What was pruned and comes again would be new.
      const before = vendor.overSince;
      const pruned = await store.prune({ what, before, from: this.#places[what], now });
      this.#places = { ...this.#places, [what]: pruned.next };
    }
  }

  async #tell(): Promise<void> {
    const { store, luck, clock, name } = this.#parts;
    const now = clock.now();
    await store.report([{ cause: `came:${luck.between(0, 3)}`, text: "Again." }], now);
    await store.take({ duty: "operator", owner: name, now, leaseMs: 3_000 });
    const due = await store.dueReports(now, 1_000);
    await this.#insist(() => store.told(due, clock.now()));
    if (luck.has(0.3)) await this.#insist(() => store.told(due, clock.now()));
  }

  /** Does what must be written down again and again until it is. */
  async #insist<T>(write: () => Promise<T>): Promise<T> {
    for (let again = 0; ; again += 1) {
      try {
        return await write();
      } catch (error) {
        this.#parts.chronicle.failed(error);
        if (again === 100) throw error;
        await pause(5);
      }
    }
  }
}

function outcomeOf(luck: Luck): Outcome {
  const reason = { code: "odd", text: "It is odd." };
  const which = luck.number();
  if (which < 0.1) return { kind: "retry", scope: "lane", reason };
  if (which < 0.13) return { kind: "retry", scope: "account", reason, afterMs: 2_000 };
  if (which < 0.15) return { kind: "retry", scope: "account", reason, afterMs: 500, own: true };
  if (which < 0.19) return { kind: "rejected", scope: "message", reason };
  if (which < 0.2) return { kind: "rejected", scope: "lane", reason };
  if (which < 0.201) return { kind: "rejected", scope: "lane", reason, final: true };
  if (which < 0.21) return { kind: "rejected", scope: "account", reason };
  if (which < 0.3) return { kind: "unknown", reason };
  return { kind: "delivered", ref: { channel: "C1", id: "1.2", url: null } };
}

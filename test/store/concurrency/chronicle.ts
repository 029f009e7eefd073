import { BridgeError } from "../../../src/core/error.ts";
import type { Claim } from "../../../src/store/store.ts";
import { STEADY, saidIn } from "./town.ts";

/** An attempt that a bridge of the test made, and by when others may have taken its lane over. */
export interface Attempt {
  readonly claim: Claim;
  readonly isProbe: boolean;
  /** When it was claimed, by the clock of all bridges. */
  readonly claimedAt: number;
  /** The end of its lease, by the same clock, as far as its bridge was told. */
  leaseUntil: number;
  /** By the machine's clock. */
  readonly from: number;
  to: number;
  /** When its bridge was told that its success is written down, while it held the lane for certain. */
  deliveredAt: number;
}

/** When a webhook was first sent, and first answered, by the machine's clock. */
export interface Sent {
  readonly at: number;
  answeredAt: number;
}

/** What the bridges of a test saw while they worked, and what of that cannot be right. */
export class Chronicle {
  readonly attempts: Attempt[] = [];
  /** By the numbers of the webhooks. */
  readonly sent = new Map<number, Sent>();
  /** The numbers of webhooks that were put back from quarantine. */
  readonly requeued = new Set<number>();
  /** Deliveries that were made again because nobody had yet, by those that they repeat. */
  readonly repeated = new Map<string, string[]>();
  /** How often the database was away. */
  outages = 0;
  readonly #errors: string[] = [];

  /** Notes why something could not be done; only that the database was away is as it should be. */
  failed(error: unknown): void {
    if (error instanceof BridgeError && error.code === "store-unusable") this.outages += 1;
    else this.#errors.push(error instanceof Error ? String(error.stack) : String(error));
  }

  send(number: number): void {
    if (!this.sent.has(number))
      this.sent.set(number, { at: performance.now(), answeredAt: Infinity });
  }

  answered(number: number): void {
    const sent = this.sent.get(number);
    if (sent !== undefined) sent.answeredAt = Math.min(sent.answeredAt, performance.now());
  }

  /** Everything that cannot be right, in sentences; `orders` are the numbers of each subject as they were processed. */
  problems(orders: ReadonlyMap<string, readonly number[]>): string[] {
    return [
      ...new Set(this.#errors),
      ...this.#overlaps("lane", () => true),
      ...this.#overlaps("account", ({ isProbe }) => isProbe),
      ...this.#repetitions(),
      ...[...orders].flatMap(([subject, numbers]) => this.#disorder(subject, numbers)),
      ...this.#overtaking(orders),
    ];
  }

  /** Attempts that were under way at once in one lane, or as probes of one account, though no lease had run out. */
  #overlaps(what: "lane" | "account", isMeant: (attempt: Attempt) => boolean): string[] {
    const groups = Map.groupBy(this.attempts.filter(isMeant), ({ claim }) => claim[what]);
    return [...groups].flatMap(([name, attempts]) => {
      const problems: string[] = [];
      let underWay: Attempt[] = [];
      for (const next of attempts.toSorted((one, other) => one.from - other.from)) {
        underWay = underWay.filter(({ to }) => to > next.from);
        for (const one of underWay)
          if (next.claimedAt < one.leaseUntil)
            problems.push(`${name} had ${named(one)} and ${named(next)} at once.`);
        underWay.push(next);
      }
      return problems;
    });
  }

  /** Deliveries that were tried again after they had been written down as delivered, or replayed twice. */
  #repetitions(): string[] {
    const byDelivery = Map.groupBy(this.attempts, ({ claim }) => claim.delivery);
    const again = [...byDelivery].flatMap(([delivery, attempts]) => {
      const deliveredAt = Math.min(...attempts.map((one) => one.deliveredAt));
      const later = attempts.filter(({ from }) => from > deliveredAt);
      return later.map((one) => `${delivery} was delivered before ${named(one)}.`);
    });
    const twice = [...this.repeated].filter(([, by]) => by.length > 1);
    return [...again, ...twice.map(([of, by]) => `${of} was repeated by ${by.join(" and ")}.`)];
  }

  /** Webhooks that were processed before others that had been answered before they were sent. */
  #disorder(subject: string, numbers: readonly number[]): string[] {
    const problems: string[] = [];
    let last = { number: -1, at: -Infinity };
    for (const number of numbers) {
      const { at = 0, answeredAt = Infinity } = this.sent.get(number) ?? {};
      if (answeredAt < last.at)
        problems.push(`${subject}: ${number} was processed behind ${last.number}.`);
      if (at > last.at) last = { number, at };
    }
    return problems;
  }

  /** Deliveries of one subject in one lane that were first tried before one that was made earlier. */
  #overtaking(orders: ReadonlyMap<string, readonly number[]>): string[] {
    const first = new Map<string, { subject: string; number: number; lane: string }>();
    for (const { claim } of this.attempts.toSorted((one, other) => one.from - other.from)) {
      const { subject, number } = saidIn(claim.event.body);
      const isOrdered = claim.delivery.startsWith("dlv") && STEADY.includes(claim.lane);
      if (isOrdered && !first.has(claim.delivery))
        first.set(claim.delivery, { subject, number, lane: claim.lane });
    }
    const groups = Map.groupBy(first.values(), ({ lane, subject }) => `${lane} ${subject}`);
    return [...groups].flatMap(([name, tried]) => {
      const places = tried.map(({ subject, number }) => orders.get(subject)?.indexOf(number) ?? -1);
      const sorted = places.toSorted((one, other) => one - other);
      return places.every((place, index) => place === sorted[index])
        ? []
        : [`${name}: tried in the order ${tried.map(({ number }) => number).join(", ")}.`];
    });
  }
}

function named({ claim }: Attempt): string {
  return `attempt ${claim.attempt} at ${claim.delivery} in ${claim.lane}`;
}

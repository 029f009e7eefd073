import type { Bounds, ClaimRequest, UnderWay } from "./store.ts";

/** The bytes of a payload that one place is good for; ours: 128 places hold 16 MiB. */
const PLACE_BYTES = 131_072;

/** How many places an attempt with a payload of so many bytes takes. */
export function placesFor(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PLACE_BYTES));
}

const UNBOUNDED: Bounds = {
  troubled: Number.POSITIVE_INFINITY,
  account: Number.POSITIVE_INFINITY,
  accountTroubled: Number.POSITIVE_INFINITY,
};

/**
 * The places for attempts, so that neither one account nor lanes in trouble take all of them. A large payload takes
 * several, or those that are left, so that none is too large.
 */
export class Places {
  readonly #bounds: Bounds;
  readonly #taken = new Map<string, { all: number; troubled: number }>();
  #troubled = 0;
  #free = 0;

  constructor({ limit, bounds = UNBOUNDED, underWay = [] }: ClaimRequest) {
    this.#bounds = bounds;
    for (const one of underWay) this.take(one);
    this.#free = limit;
  }

  /** How many lanes more may be claimed at most of those that are well, or of those in trouble. */
  free(isTroubled: boolean): number {
    const most = isTroubled ? this.#bounds.troubled - this.#troubled : this.#free;
    return Math.max(0, Math.min(this.#free, most));
  }

  /** The accounts that have no place left. */
  full(isTroubled: boolean): string[] {
    return [...this.#taken.keys()].filter((account) => this.#isFull(account, isTroubled));
  }

  has({ account, isTroubled }: Omit<UnderWay, "places">): boolean {
    return this.free(isTroubled) > 0 && !this.#isFull(account, isTroubled);
  }

  take({ account, isTroubled, places }: UnderWay): void {
    const taken = this.#taken.get(account) ?? { all: 0, troubled: 0 };
    taken.all += places;
    if (isTroubled) {
      taken.troubled += places;
      this.#troubled += places;
    }
    this.#taken.set(account, taken);
    this.#free -= places;
  }

  #isFull(account: string, isTroubled: boolean): boolean {
    const { all, troubled } = this.#taken.get(account) ?? { all: 0, troubled: 0 };
    const { account: most, accountTroubled } = this.#bounds;
    return all >= most || (isTroubled && troubled >= accountTroubled);
  }
}

import type { Bounds, ClaimRequest, UnderWay } from "./store.ts";

const UNBOUNDED: Bounds = {
  troubled: Number.POSITIVE_INFINITY,
  account: Number.POSITIVE_INFINITY,
  accountTroubled: Number.POSITIVE_INFINITY,
};

/** The places for attempts, so that neither one account nor lanes in trouble take all of them. */
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

  /** How many lanes more may be claimed of those that are well, or of those in trouble. */
  free(isTroubled: boolean): number {
    const most = isTroubled ? this.#bounds.troubled - this.#troubled : this.#free;
    return Math.max(0, Math.min(this.#free, most));
  }

  /** The accounts that have no place left. */
  full(isTroubled: boolean): string[] {
    return [...this.#taken.keys()].filter((account) => this.#isFull(account, isTroubled));
  }

  has({ account, isTroubled }: UnderWay): boolean {
    return this.free(isTroubled) > 0 && !this.#isFull(account, isTroubled);
  }

  take({ account, isTroubled }: UnderWay): void {
    const taken = this.#taken.get(account) ?? { all: 0, troubled: 0 };
    taken.all += 1;
    if (isTroubled) {
      taken.troubled += 1;
      this.#troubled += 1;
    }
    this.#taken.set(account, taken);
    this.#free -= 1;
  }

  #isFull(account: string, isTroubled: boolean): boolean {
    const { all, troubled } = this.#taken.get(account) ?? { all: 0, troubled: 0 };
    const { account: most, accountTroubled } = this.#bounds;
    return all >= most || (isTroubled && troubled >= accountTroubled);
  }
}

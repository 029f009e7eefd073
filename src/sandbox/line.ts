/** Things in the order they came, each found by its id without looking through the others. */
export class Line<T> {
  #items: T[] = [];
  /** How many were ever added before each id. */
  readonly #numbers = new Map<string, number>();
  #dropped = 0;

  /** The oldest first; the list itself, which grows. */
  get items(): readonly T[] {
    return this.#items;
  }

  add(id: string, item: T): void {
    this.#numbers.set(id, this.#dropped + this.#items.length);
    this.#items.push(item);
  }

  find(id: string): T | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#items[number - this.#dropped];
  }

  /** Puts another thing in the place of the one with this id; gives back that place, or -1. */
  replace(id: string, item: T): number {
    const number = this.#numbers.get(id);
    if (number === undefined) return -1;
    this.#items[number - this.#dropped] = item;
    return number - this.#dropped;
  }

  /** Drops the oldest, which has this id. */
  drop(id: string): void {
    this.#numbers.delete(id);
    this.#items.shift();
    this.#dropped += 1;
  }

  clear(): void {
    this.#items = [];
    this.#numbers.clear();
    this.#dropped = 0;
  }
}

/** How many of the items, which are in order, come before the first for which the test holds. */
export function countBefore<T>(items: readonly T[], isReached: (item: T) => boolean): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const item = items[middle];
    if (item === undefined || isReached(item)) to = middle;
    else from = middle + 1;
  }
  return from;
}

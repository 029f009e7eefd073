/** Numbers of routes, one bit each. */
export class RouteSet {
  readonly #bits: Uint8Array;

  private constructor(bits: Uint8Array) {
    this.#bits = bits;
  }

  /** Of routes whose numbers are below `end`; none of them is in it yet. */
  static empty(end: number): RouteSet {
    return new RouteSet(new Uint8Array((end + 7) >> 3));
  }

  /** The routes from `start` to before `end`. */
  static range(start: number, end: number): RouteSet {
    const set = RouteSet.empty(end);
    for (let route = start; route < end; route += 1) set.add(route);
    return set;
  }

  /** From the bytes that `bytes` gave. */
  static of(bytes: Uint8Array): RouteSet {
    return new RouteSet(Uint8Array.from(bytes));
  }

  add(route: number): void {
    this.#bits[route >> 3] = (this.#bits[route >> 3] ?? 0) | (1 << (route & 7));
  }

  /** Adds routes of which none has a higher number than this set was made for. */
  addAll(routes: RouteSet): void {
    const { length } = routes.#bits;
    for (let at = 0; at < length; at += 1)
      this.#bits[at] = (this.#bits[at] ?? 0) | (routes.#bits[at] ?? 0);
  }

  /** Those of its routes that are before `end`. */
  before(end: number): RouteSet {
    const bits = this.#bits.slice(0, (end + 7) >> 3);
    const last = end >> 3;
    if (last < bits.length) bits[last] = (bits[last] ?? 0) & ((1 << (end & 7)) - 1);
    return new RouteSet(bits);
  }

  /** Its lowest number; `undefined` when it is empty. */
  get first(): number | undefined {
    const at = this.#bits.findIndex((byte) => byte !== 0);
    return at === -1 ? undefined : 8 * at + Math.log2(lowest(this.#bits[at] ?? 0));
  }

  /** How many runs of routes with nothing between them it has. */
  get runs(): number {
    let count = 0;
    let before = 0;
    for (const byte of this.#bits) {
      for (let starts = byte & ~((byte << 1) | before); starts !== 0; starts &= starts - 1)
        count += 1;
      before = byte >> 7;
    }
    return count;
  }

  /** In ascending order. */
  *[Symbol.iterator](): Generator<number> {
    for (const [at, byte] of this.#bits.entries())
      for (let rest = byte; rest !== 0; rest &= rest - 1) yield 8 * at + Math.log2(lowest(rest));
  }

  /** A bit a route, the lowest first, as far as the last route in it. */
  get bytes(): Uint8Array {
    const last = this.#bits.findLastIndex((byte) => byte !== 0);
    return this.#bits.subarray(0, last + 1);
  }
}

function lowest(byte: number): number {
  return byte & -byte;
}

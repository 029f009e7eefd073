/**
 * The most names of sources, or of destinations, that have series of their own; ours: a destination has about fifty
 * series, most of them buckets.
 */
const MOST_NAMES = 200;

/** What all names beyond the first 200, and those that no config has had since the start, are counted as. */
const OTHER = "other";

/** What webhooks are counted as whose source the config does not have. */
export const UNKNOWN = "unknown";

/**
 * The values of a label: names of the config, the first 200 that it has or had since the start, so that neither a config
 * nor many of them, one after the other, make more series than Prometheus can bear.
 */
export class Names {
  readonly #known = new Set<string>();
  #hasOther = false;

  /** Every label that there may be. */
  get all(): readonly string[] {
    return this.#hasOther ? [...this.#known, OTHER] : [...this.#known];
  }

  /** Adds names of a config that takes the place of the one before; gives back the labels that are new. */
  add(names: readonly string[]): readonly string[] {
    const before = new Set(this.all);
    for (const name of names) {
      if (this.#known.size < MOST_NAMES) this.#known.add(name);
      this.#hasOther ||= !this.#known.has(name);
    }
    return this.all.filter((label) => !before.has(label));
  }

  /** The name itself, or `other`. `unknown` stays as it is. */
  labelOf(name: string): string {
    return this.#known.has(name) || name === UNKNOWN ? name : OTHER;
  }
}

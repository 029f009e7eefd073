/**
 * The most names of sources, or of destinations, that have series of their own; ours: a destination has about fifty
 * series, most of them buckets.
 */
const MOST_NAMES = 200;

/** What all names beyond the first 200, and those that the config no longer has, are counted as. */
const OTHER = "other";

/** What webhooks are counted as whose source the config does not have. */
export const UNKNOWN = "unknown";

/** The values of a label: the first names of the config, so that no config makes more series than Prometheus can bear. */
export class Names {
  readonly all: readonly string[];
  readonly #known: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#known = new Set(names.slice(0, MOST_NAMES));
    this.all = names.length > MOST_NAMES ? [...this.#known, OTHER] : [...this.#known];
  }

  /** The name itself, or `other`. `unknown` stays as it is. */
  labelOf(name: string): string {
    return this.#known.has(name) || name === UNKNOWN ? name : OTHER;
  }
}

import type { Expectation, Miss } from "../core/match.ts";
import type { RouteVerdict } from "../core/route.ts";
import type { RouteTerms, Rulebook } from "../core/rulebook.ts";

/** What the routes said of an event, as JSON in `events.verdicts`; routes that no miss names took the event. */
export interface PackedVerdicts {
  /** The id of the rulebook that the numbers point into. */
  readonly book: string;
  readonly misses: readonly PackedMiss[];
}

/** What was expected, by its number among the route's own, or written out; what it was; and of which routes this is true. */
type PackedMiss = readonly [
  expected: number | readonly [path: string, expected: string],
  actual: string,
  routes: string,
];

/**
 * Verdicts as JSON that points into a rulebook, whose routes they are, in its order: with a thousand routes, saying for
 * each what it is called and what it expected would be most of an event.
 */
export function packVerdicts(
  verdicts: readonly RouteVerdict[],
  book: { readonly id: string; readonly rulebook: Rulebook },
): string {
  const misses = new Misses();
  verdicts.forEach(({ failed }, route) => {
    if (failed !== undefined) misses.of(failed, book.rulebook.routes[route]).add(route);
  });
  const packed: PackedVerdicts = { book: book.id, misses: misses.packed() };
  return JSON.stringify(packed);
}

/** Verdicts as they were packed, from JSON that `packVerdicts` wrote. */
export function readVerdicts(text: string): PackedVerdicts {
  return JSON.parse(text) as PackedVerdicts;
}

/** The verdicts that were packed, with the rulebook that they point into. */
export function unpackVerdicts(
  { misses }: PackedVerdicts,
  { routes }: Rulebook,
): readonly RouteVerdict[] {
  const verdicts: RouteVerdict[] = routes.map(({ name }) => ({ name, matched: true }));
  for (const [expectation, actual, ranges] of misses)
    for (const route of numbersIn(ranges)) {
      const terms = routes[route];
      if (terms === undefined) continue;
      const [path, expected] = writtenOut(expectation, terms);
      const failed = { path, expected, actual };
      verdicts[route] = { name: terms.name, matched: false, failed };
    }
  return verdicts;
}

/** The verdicts of events that were decided before there were rulebooks, in JSON; those of events that were not processed are none. */
export function unpackOldVerdicts(text: string | null): readonly RouteVerdict[] {
  if (text === null) return [];
  const packed = JSON.parse(text) as readonly (RouteVerdict | Run)[];
  return packed.flatMap((one) =>
    "names" in one
      ? one.names.map((name) => ({ name, matched: false, failed: one.failed }))
      : [one],
  );
}

/** Routes in a row that failed by one and the same miss. */
interface Run {
  readonly names: readonly string[];
  readonly failed: Miss;
}

/** The misses of an event: of each, the routes of which it is true. */
class Misses {
  /** By what was expected, and by what it was. */
  readonly #gathered = new Map<number | string, Map<string, Gathered>>();

  of(failed: Miss, terms: RouteTerms | undefined): Gathered {
    const number = numberOf(failed, terms);
    const key = number ?? JSON.stringify([failed.path, failed.expected]);
    let alike = this.#gathered.get(key);
    if (alike === undefined) this.#gathered.set(key, (alike = new Map<string, Gathered>()));
    let gathered = alike.get(failed.actual);
    if (gathered === undefined) alike.set(failed.actual, (gathered = new Gathered(number, failed)));
    return gathered;
  }

  packed(): PackedMiss[] {
    return [...this.#gathered.values()].flatMap((alike) =>
      [...alike.values()].map((one) => one.packed()),
    );
  }
}

/** Routes that missed an event for the same reason. */
class Gathered {
  readonly #number: number | undefined;
  readonly #failed: Miss;
  readonly #ranges: { first: number; last: number }[] = [];

  constructor(number: number | undefined, failed: Miss) {
    this.#number = number;
    this.#failed = failed;
  }

  add(route: number): void {
    const range = this.#ranges.at(-1);
    if (range?.last === route - 1) range.last = route;
    else this.#ranges.push({ first: route, last: route });
  }

  packed(): PackedMiss {
    const { path, expected, actual } = this.#failed;
    return [this.#number ?? [path, expected], actual, packedSet(this.#ranges)];
  }
}

function numberOf(failed: Miss, terms: RouteTerms | undefined): number | undefined {
  const expectations = terms?.expectations ?? [];
  for (let number = 0; number < expectations.length; number += 1) {
    const { path, expected } = expectations[number] as Expectation;
    if (failed.expected === expected && failed.path === path) return number;
  }
  return undefined;
}

function writtenOut(
  expectation: PackedMiss[0],
  { expectations }: RouteTerms,
): readonly [path: string, expected: string] {
  if (typeof expectation !== "number") return expectation;
  const { path = "", expected = "" } = expectations[expectation] ?? {};
  return [path, expected];
}

/** A set of numbers as ranges or, where these are many, as bits: of routes that take turns, every fifth may miss. */
function packedSet(ranges: readonly { first: number; last: number }[]): string {
  const most = ranges.at(-1)?.last ?? 0;
  const fewest = most / 6 + BITS.length;
  // Each of them is a digit and a comma at least.
  if (2 * ranges.length <= fewest) {
    const words = ranges.map(({ first, last }) =>
      first === last ? `${first}` : `${first}-${last}`,
    );
    const listed = words.join(",");
    if (listed.length <= fewest) return listed;
  }
  const bits = new Uint8Array((most >> 3) + 1);
  for (const { first, last } of ranges)
    for (let number = first; number <= last; number += 1)
      bits[number >> 3] = (bits[number >> 3] ?? 0) | (1 << (number & 7));
  return `${BITS}${Buffer.from(bits).toString("base64")}`;
}

/** What a set begins with that is kept as bits, in base64. */
const BITS = "bits:";

function numbersIn(set: string): number[] {
  if (set.startsWith(BITS)) {
    const bits = Buffer.from(set.slice(BITS.length), "base64");
    return Array.from({ length: 8 * bits.length }, (_, number) => number).filter(
      (number) => (((bits[number >> 3] ?? 0) >> (number & 7)) & 1) === 1,
    );
  }
  return set.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

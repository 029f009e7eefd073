import type { Expectation, Miss } from "../core/miss.ts";
import { RouteSet } from "../core/route-set.ts";
import {
  type RouteTerms,
  type RouteVerdict,
  type Rulebook,
  type Verdicts,
  verdictsOf,
} from "../core/rulebook.ts";

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
export function packVerdicts({ rulebook, refusals }: Verdicts, book: string): string {
  const gathered = new Misses(rulebook);
  for (const { failed, routes } of refusals) gathered.add(failed, routes);
  const packed: PackedVerdicts = { book, misses: gathered.packed() };
  return JSON.stringify(packed);
}

/** Verdicts as they were packed, from JSON that `packVerdicts` wrote. */
export function readVerdicts(text: string): PackedVerdicts {
  return JSON.parse(text) as PackedVerdicts;
}

/** The verdicts that were packed, with the rulebook that they point into. */
export function unpackVerdicts(
  packed: PackedVerdicts,
  rulebook: Rulebook,
): readonly RouteVerdict[] {
  const refusals = packed.misses.flatMap(([expectation, actual, routes]) =>
    numbersIn(routes).flatMap((route) => {
      const terms = rulebook.routes[route];
      if (terms === undefined) return [];
      const [path, expected] = writtenOut(expectation, terms);
      return [{ failed: { path, expected, actual }, routes: route }];
    }),
  );
  return verdictsOf({ rulebook, refusals });
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
  readonly #routes: Rulebook["routes"];
  /** By what was expected, and by what it was. */
  readonly #gathered = new Map<number | string, Map<string, Gathered>>();

  constructor({ routes }: Rulebook) {
    this.#routes = routes;
  }

  add(failed: Miss, routes: number | RouteSet): void {
    const first = typeof routes === "number" ? routes : routes.first;
    if (first === undefined) return;
    const gathered = this.#of(failed, this.#routes[first]);
    if (typeof routes === "number") gathered.routes.add(routes);
    else gathered.routes.addAll(routes);
  }

  #of(failed: Miss, terms: RouteTerms | undefined): Gathered {
    const number = numberOf(failed, terms);
    const key = number ?? JSON.stringify([failed.path, failed.expected]);
    let alike = this.#gathered.get(key);
    if (alike === undefined) this.#gathered.set(key, (alike = new Map<string, Gathered>()));
    let gathered = alike.get(failed.actual);
    if (gathered === undefined) {
      gathered = { number, failed, routes: RouteSet.empty(this.#routes.length) };
      alike.set(failed.actual, gathered);
    }
    return gathered;
  }

  packed(): PackedMiss[] {
    return [...this.#gathered.values()].flatMap((alike) =>
      [...alike.values()].map(({ number, failed: { path, expected, actual }, routes }) => [
        number ?? ([path, expected] as const),
        actual,
        packedSet(routes),
      ]),
    );
  }
}

/** Routes that missed an event for the same reason. */
interface Gathered {
  readonly number: number | undefined;
  readonly failed: Miss;
  readonly routes: RouteSet;
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

/** A set of routes as ranges or, where these are many, as bits: of routes that take turns, every fifth may miss. */
function packedSet(routes: RouteSet): string {
  const { bytes } = routes;
  const fewest = (8 * bytes.length) / 6 + BITS.length;
  // Each of them is a digit and a comma at least.
  if (2 * routes.runs <= fewest) {
    const listed = rangesIn(routes).join(",");
    if (listed.length <= fewest) return listed;
  }
  return `${BITS}${Buffer.from(bytes).toString("base64")}`;
}

function rangesIn(routes: RouteSet): string[] {
  const ranges: { first: number; last: number }[] = [];
  for (const route of routes) {
    const range = ranges.at(-1);
    if (range?.last === route - 1) range.last = route;
    else ranges.push({ first: route, last: route });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}

/** What a set begins with that is kept as bits, in base64. */
const BITS = "bits:";

function numbersIn(set: string): number[] {
  if (set.startsWith(BITS)) {
    return [...RouteSet.of(Buffer.from(set.slice(BITS.length), "base64"))];
  }
  return set.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

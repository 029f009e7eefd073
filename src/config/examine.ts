import { SOURCE_TYPES } from "../sources/index.ts";
import type { SourceType } from "../sources/source.ts";
import { buildConfig, type Built } from "./build.ts";
import { crossCheck, unusedParts } from "./cross-check.ts";
import { type Flaw, flaw } from "./yaml/flaw.ts";
import { flatRoutes } from "./routes/flat-routes.ts";
import type { Surroundings } from "./yaml/interpolate.ts";
import { entriesOf, isBelow, type Path, valueAt } from "./yaml/path.ts";
import { readWith } from "./yaml/repair.ts";
import { retypeMatches } from "./routes/retype-matches.ts";
import type { RouteReach } from "./reach/route-reach.ts";
import { ConfigFile } from "./schema/schema.ts";
import { trafficOf } from "./reach/traffic-check.ts";
import { flawsOf } from "./yaml/words.ts";
import type { YamlSource } from "./yaml/source.ts";
import { readValues, type YamlValues } from "./yaml/values.ts";

/** What a config is examined with. */
export interface Examine {
  /** The config's path. */
  readonly file: string;
  /** The names that routes may use as `template`; `undefined` when they are not known. */
  readonly templateNames: readonly string[] | undefined;
  readonly surroundings: Surroundings;
}

/** What came of examining a config. */
export interface Examined {
  /** In no particular order, without those of the templates. */
  readonly flaws: readonly Flaw[];
  /** Which events come to the routes, those with mistakes in their conditions left out. */
  readonly reaches: readonly RouteReach[];
  /** The platforms of the destinations, by name. */
  readonly platforms: ReadonlyMap<string, string>;
  /** Makes the config ready; absent when there is an error. */
  readonly build?: () => Built;
}

/** Everything that is wrong with a config's text, its values, and what its parts have to do with each other. */
export function examine(
  source: YamlSource,
  { file, templateNames, surroundings }: Examine,
): Examined {
  if (!source.isReadable) return { flaws: source.flaws, reaches: [], platforms: new Map() };
  if (source.document.contents === null)
    return { flaws: [flaw([], EMPTY)], reaches: [], platforms: new Map() };
  const values = readValues(source, surroundings);
  const reading = readWith(ConfigFile, retypeMatches(values), values);
  const scalarAt = (path: Path) => values.scalarAt(reading.original(path));
  const nameAt = (path: Path) => String(reading.original(path).at(-1));
  const check = {
    value: reading.value,
    folder: surroundings.folder,
    templates: templateNames,
    eventTypesOf,
    scalarAt,
    nameAt,
  };
  const redact = redactor(values);
  const told = (found: readonly Flaw[]) =>
    found.map((one) => redact({ ...one, path: reading.original(one.path) }));
  const found = [
    ...reading.issues.flatMap((one) => flawsOf(one, { schema: ConfigFile, scalarAt })),
    ...crossCheck(check),
  ].filter(({ path }) => !values.isUnresolved(reading.original(path)));
  const wrong = [...values.flaws, ...found].filter(isError);
  const { reaches, flaws: dead } = trafficOf({
    sources: valueAt(reading.value, ["sources"]),
    routes: flatRoutes(reading.value),
    isWrong: (path) => wrong.some((one) => isBelow(one.path, path)),
    shown: (path, given) => scalarAt(path)?.shown ?? String(given),
    spanOf: (path, start, end) => scalarAt(path)?.spanOf(start, end),
  });
  const flaws = [...source.flaws, ...values.flaws, ...told([...found, ...dead])];
  const platforms = platformsIn(reading.value);
  if (flaws.some(isError)) return { flaws, reaches, platforms };
  const settings = reading.output as ConfigFile;
  const referenceAt = (path: Path) => {
    const note = scalarAt(path);
    return note?.interpolated ? note.shown : undefined;
  };
  return {
    flaws: [...flaws, ...told(unusedParts(check))],
    reaches,
    platforms,
    build: () => buildConfig({ file, settings, written: reading.value, referenceAt }),
  };
}

function platformsIn(value: unknown): ReadonlyMap<string, string> {
  const destinations = entriesOf(valueAt(value, ["destinations"]));
  return new Map(destinations.map(([name, one]) => [name, String(valueAt(one, ["type"]))]));
}

function isError({ severity }: Flaw): boolean {
  return severity === "error";
}

const EMPTY =
  "This file is empty. In a folder of its own, `bellhop init` writes one to begin with.";

function eventTypesOf(sourceType: string): readonly string[] {
  const types: readonly SourceType[] = Object.values(SOURCE_TYPES);
  return types.find(({ type }) => type === sourceType)?.eventTypes ?? [];
}

/** The shortest value that is looked for in messages, in characters; a shorter one would be found in any sentence. */
const SHORTEST_SECRET = 4;

/** Writes the reference in place of a value of the environment, should a message quote it or the host in it. */
function redactor(values: YamlValues): (found: Flaw) => Flaw {
  const longestFirst = values.expansions
    .filter(({ isDefault, value }) => !isDefault && value.length >= SHORTEST_SECRET)
    .toSorted((a, b) => b.value.length - a.value.length);
  return (found) => {
    let { message } = found;
    for (const { value, reference } of longestFirst)
      message = replaceValue(message, value, reference);
    for (const { value, reference, isDefault } of values.scalarAt(found.path)?.interpolated
      ?.expansions ?? []) {
      const host = URL.parse(value)?.host ?? "";
      if (host !== "" && !isDefault)
        message = message.replaceAll(`not at ${host}`, () => `not at ${reference}`);
    }
    return { ...found, message };
  };
}

/** A value that is made of words may stand in our own sentence too, so it is only looked for in quotes. */
function replaceValue(message: string, value: string, reference: string): string {
  if (!/^[\p{L} ]*$/u.test(value)) return message.replaceAll(value, () => reference);
  return message.replace(/"[^"]*"/g, (quoted) => quoted.replaceAll(value, () => reference));
}

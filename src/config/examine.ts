import { SOURCE_TYPES } from "../sources/index.ts";
import type { SourceType } from "../sources/source.ts";
import { buildConfig, type Built } from "./build.ts";
import { crossCheck, unusedParts } from "./cross-check.ts";
import { type Flaw, flaw } from "./flaw.ts";
import type { Surroundings } from "./interpolate.ts";
import type { Path } from "./path.ts";
import { readWith } from "./repair.ts";
import { retypeMatches } from "./retype-matches.ts";
import { ConfigFile } from "./schema.ts";
import { flawsOf } from "./words.ts";
import type { YamlSource } from "./yaml-source.ts";
import { readValues, type YamlValues } from "./yaml-values.ts";

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
  /** Makes the config ready; absent when there is an error. */
  readonly build?: () => Built;
}

/** Everything that is wrong with a config's text, its values, and what its parts have to do with each other. */
export function examine(
  source: YamlSource,
  { file, templateNames, surroundings }: Examine,
): Examined {
  if (!source.isReadable) return { flaws: source.flaws };
  if (source.document.contents === null) return { flaws: [flaw([], EMPTY)] };
  const values = readValues(source, surroundings);
  const reading = readWith(ConfigFile, retypeMatches(values), values);
  const scalarAt = (path: Path) => values.scalarAt(reading.original(path));
  const nameAt = (path: Path) => String(reading.original(path).at(-1));
  const check = { value: reading.value, templates: templateNames, eventTypesOf, scalarAt, nameAt };
  const redact = redactor(values);
  const told = (found: readonly Flaw[]) =>
    found.map((one) => redact({ ...one, path: reading.original(one.path) }));
  const found = [
    ...reading.issues.flatMap((one) => flawsOf(one, { schema: ConfigFile, scalarAt })),
    ...crossCheck(check),
  ].filter(({ path }) => !values.isUnresolved(reading.original(path)));
  const flaws = [...source.flaws, ...values.flaws, ...told(found)];
  if (flaws.some(({ severity }) => severity === "error")) return { flaws };
  const settings = reading.output as ConfigFile;
  const whenAsWritten = (index: number) => scalarAt(["routes", index, "when"])?.shown;
  return {
    flaws: [...flaws, ...told(unusedParts(check))],
    build: () => buildConfig({ file, settings, written: reading.value, whenAsWritten }),
  };
}

const EMPTY = "This file is empty. Copy config.example.yaml to begin.";

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

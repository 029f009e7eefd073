import type { z } from "zod";
import type { Problem } from "../../core/problem.ts";
import { configText } from "./config-text.ts";
import { type Flaw, flaw } from "./flaw.ts";
import type { Surroundings } from "./interpolate.ts";
import type { Path } from "./path.ts";
import { readWith } from "./repair.ts";
import { flawsOf } from "./words.ts";
import type { YamlSource } from "./source.ts";
import { readValues, type YamlValues } from "./values.ts";

/** What another YAML file than the config is examined by. */
export interface FileForm<S extends z.ZodType> {
  readonly schema: S;
  /** Said of a file that is no mapping: what it begins with. */
  readonly beginning: string;
  /** Where `${…}` finds its values; `null` where it stands for itself. */
  readonly surroundings: Surroundings | null;
  /** What the schema cannot tell, of a value that need not be valid. */
  readonly check: (value: unknown, scalarAt: YamlValues["scalarAt"]) => readonly Flaw[];
}

/** What came of examining a file. */
export interface ExaminedFile<T> {
  readonly flaws: readonly Flaw[];
  /** What the schema made of the file; absent when it does not fit. */
  readonly settings?: T;
}

/** The text of a file, or the problem that it cannot be read. */
export async function yamlText(file: string): Promise<string | Problem> {
  const text = await configText(file);
  if (typeof text === "string" || !text.message.startsWith(NO_FILE)) return text;
  // What is told of a config that is not there makes no sense for another file.
  return { ...text, message: NO_FILE };
}

const NO_FILE = "There is no such file.";

/** Everything that is wrong with a file, in no particular order, and what it says. */
export function examineFile<S extends z.ZodType>(
  source: YamlSource,
  { schema, beginning, surroundings, check }: FileForm<S>,
): ExaminedFile<z.output<S>> {
  if (!source.isReadable) return { flaws: source.flaws };
  const values = readValues(source, surroundings);
  if (typeof values.value !== "object" || values.value === null || Array.isArray(values.value))
    return { flaws: [...source.flaws, flaw([], beginning)] };
  const reading = readWith(schema, values.value, values);
  const scalarAt = (path: Path) => values.scalarAt(reading.original(path));
  const wording = { schema, whole: "this file", scalarAt };
  const found = [
    ...reading.issues.flatMap((one) => flawsOf(one, wording)),
    ...check(reading.value, scalarAt),
  ]
    .map((one) => ({ ...one, path: reading.original(one.path) }))
    .filter(({ path }) => !values.isUnresolved(path));
  const flaws = [...source.flaws, ...values.flaws, ...found];
  if (reading.output === undefined) return { flaws };
  return { flaws, settings: reading.output as z.output<S> };
}

/** The flaws at their lines and columns, with the lines they stand in, in order of place. */
export function locateFlaws(flaws: readonly Flaw[], source: YamlSource, file: string): Problem[] {
  const lines = source.text.split(/\r\n|\n|\r/);
  return flaws
    .map((one) => source.locate(one, file))
    .map((problem) => ({ ...problem, excerpt: lines[problem.line - 1] ?? "" }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

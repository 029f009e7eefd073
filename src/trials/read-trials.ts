import { dirname } from "node:path";
import { type Flaw, flaw } from "../config/yaml/flaw.ts";
import { nameList } from "../config/yaml/name-list.ts";
import type { Path } from "../config/yaml/path.ts";
import { sourcesLike } from "../config/recognize.ts";
import { examineFile, locateFlaws, yamlText } from "../config/yaml/file.ts";
import { parseYaml, type YamlSource } from "../config/yaml/source.ts";
import type { JsonObject } from "../core/json.ts";
import type { Problem } from "../core/problem.ts";
import { takeEarlier } from "../pipeline/earlier.ts";
import type { Stage } from "../pipeline/rehearse.ts";
import type { Source } from "../sources/source.ts";
import type { StoredSnapshot } from "../store/store.ts";
import { nameFlaws } from "./name-check.ts";
import { patchPayload, type ReadPayload, readPayload } from "./payload.ts";
import { type EarlierEntry, type Expectations, type TrialEntry, TrialFile } from "./trial-file.ts";

/** A test, ready to be run. */
export interface Trial {
  readonly name: string;
  /** Where it stands in its file. */
  readonly path: Path;
  readonly source: Source;
  readonly body: Uint8Array;
  /** What earlier payloads left behind. */
  readonly before: StoredSnapshot | undefined;
  readonly expect: Expectations | null | undefined;
}

/** A test file that was read. */
export interface Trials {
  /** The path as the reader knows it. */
  readonly file: string;
  readonly source: YamlSource;
  readonly trials: readonly Trial[];
}

/** Reads a test file and the payloads that it names; a file with mistakes gives all of them. */
export async function readTrials(
  file: string,
  stage: Stage,
): Promise<Trials | { readonly problems: readonly Problem[] }> {
  const text = await yamlText(file);
  if (typeof text !== "string") return { problems: [text] };
  const source = parseYaml(text);
  const { flaws, settings } = examineFile(source, {
    schema: TrialFile,
    beginning: "This file begins with `tests:`, and a list below it.",
    surroundings: null,
    check: (value) => nameFlaws(value, stage),
  });
  const folder = dirname(file);
  const read = await Promise.all(
    (settings?.tests ?? []).map((entry, index) =>
      readTrial(entry, ["tests", index], { folder, stage }),
    ),
  );
  const trials = read.filter((one) => "name" in one);
  const all = [...flaws, ...read.flatMap((one) => ("flaws" in one ? one.flaws : []))];
  if (all.length > 0) return { problems: locateFlaws(all, source, file) };
  return { file, source, trials };
}

interface Place {
  /** What paths of payloads are relative to. */
  readonly folder: string;
  readonly stage: Stage;
}

type Flawed = { readonly flaws: readonly Flaw[] };

async function readTrial(
  entry: TrialEntry,
  path: Path,
  { folder, stage }: Place,
): Promise<Trial | Flawed> {
  const given = await readPayload(entry.payload, [...path, "payload"], folder);
  if ("flaws" in given) return given;
  const patched = patchPayload(given, entry, path);
  if ("flaws" in patched) return patched;
  const source = sourceFor(patched.json, entry.source, path, stage);
  if ("flaws" in source) return source;
  const read = await Promise.all(
    (entry.before ?? []).map((one, index) =>
      readEarlier(one, earlierPath(entry, path, index), folder),
    ),
  );
  const flaws = read.flatMap((one) => ("flaws" in one ? one.flaws : []));
  if (flaws.length > 0) return { flaws };
  const earlier = takeEarlier(read.flatMap(bodies), patched.body, source, stage);
  if ("problem" in earlier)
    return { flaws: [flaw(earlierPath(entry, path, earlier.index), earlier.problem)] };
  const { name, expect } = entry;
  return { name, path, source, body: patched.body, before: earlier.before, expect };
}

async function readEarlier(given: EarlierEntry, path: Path, folder: string): Promise<ReadPayload> {
  if (!isChanged(given)) return readPayload(given, path, folder);
  const read = await readPayload(given.file, [...path, "file"], folder);
  return "flaws" in read ? read : patchPayload(read, given, path);
}

/** Whether an earlier payload is a file with changes: no vendor's payload has a `file`. */
function isChanged(given: EarlierEntry): given is Extract<EarlierEntry, { readonly file: string }> {
  return typeof given === "object" && Object.hasOwn(given, "file");
}

function bodies(read: ReadPayload): Uint8Array[] {
  return "body" in read ? [read.body] : [];
}

/** A single earlier payload need not be in a list, where it stands at `before` itself. */
function earlierPath({ before }: TrialEntry, path: Path, index: number): Path {
  return before?.length === 1 ? [...path, "before"] : [...path, "before", index];
}

/** The source named, else the only one that the payload looks like; what is wrong with a name is told elsewhere. */
function sourceFor(
  json: JsonObject | undefined,
  named: string | undefined,
  path: Path,
  { sources }: Stage,
): Source | Flawed {
  const all = [...sources.values()];
  const fitting = json === undefined ? [] : sourcesLike(json, all);
  const candidates = named === undefined ? fitting : all.filter((one) => one.name === named);
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  if (named !== undefined) return { flaws: [] };
  const names = nameList(
    (fitting.length === 0 ? all : fitting).map((one) => one.name),
    "or",
  );
  const why =
    fitting.length === 0
      ? "This payload does not look like one of any configured source."
      : "This payload may come from several sources.";
  return { flaws: [flaw([...path, "payload"], `${why} Name one with \`source\`: ${names}.`)] };
}

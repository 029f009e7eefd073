import { CHANGE_KINDS, TONES } from "../../core/change.ts";
import { FACTS_SHAPE } from "../../core/shape.ts";
import { SOURCE_TYPES } from "../../sources/index.ts";
import type { SourceType, ToldKind } from "../../sources/source.ts";
import { type FactPath, factPaths } from "./fact-paths.ts";
import { sampleFacts } from "./sample-facts.ts";

/** What routes and templates can meet in the events of a type of source, as `--json` prints it. */
export interface SourceShape {
  readonly source: string;
  /** The event types whose changes are worked out; every other one is told as `event.received`. */
  readonly events: readonly string[];
  /** The most telling first. */
  readonly kinds: readonly ToldKind[];
  /** The weakest first. */
  readonly tones: readonly string[];
  readonly paths: readonly FactPath[];
}

/** The shape of a type of source's events, with examples from the samples that ship. */
export async function sourceShape(type: keyof typeof SOURCE_TYPES): Promise<SourceShape> {
  const sourceType: SourceType = SOURCE_TYPES[type];
  const kinds = kindsOf(sourceType);
  return {
    source: type,
    events: sourceType.eventTypes,
    kinds,
    tones: TONES,
    paths: factPaths(await sampleFacts(type), missingFrom(kinds)).map((one) =>
      one.path.endsWith(".kind") ? { ...one, values: kinds.map(({ kind }) => kind) } : one,
    ),
  };
}

const RECEIVED: ToldKind = { kind: "event.received", carries: [] };

function kindsOf({ changeKinds }: SourceType): ToldKind[] {
  const told = [...changeKinds.filter(({ kind }) => kind !== RECEIVED.kind), RECEIVED];
  return told.toSorted((a, b) => CHANGE_KINDS.indexOf(a.kind) - CHANGE_KINDS.indexOf(b.kind));
}

/** Tells which facts no change of these kinds has, neither the changes themselves nor what is taken from them. */
function missingFrom(kinds: readonly ToldKind[]): (path: string) => boolean {
  const carried = new Set<string>(kinds.flatMap(({ carries }) => carries));
  const always = new Set(["kind", "summary", "tone"]);
  const ofChanges = Object.keys(FACTS_SHAPE.fields.change.fields).filter(
    (name) => !always.has(name),
  );
  const missing = ofChanges.filter((name) => !carried.has(name));
  return (path) =>
    missing.some((name) => [name, `change.${name}`, `changes.${name}`].includes(path));
}

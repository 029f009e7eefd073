import type { ChangeKind } from "../../core/change.ts";
import { SOURCE_TYPES } from "../../sources/index.ts";
import type { SourceType, ToldKind } from "../../sources/source.ts";
import { entriesOf, valueAt } from "../yaml/path.ts";

/** One sort of event that can come: from where, of which type, and which changes it can tell. */
export interface EventSort {
  readonly source: SortSource;
  /** The event's type; `null` for every type that nothing but its arrival is told of. */
  readonly event: string | null;
  /** What its changes can be; at least one. */
  readonly changes: readonly ToldKind[];
}

/** Where events of a sort come from. */
interface SortSource {
  /** The key under `sources`; `null` for any source that the config does not have. */
  readonly name: string | null;
  /** The keys under `sources` that it does not have. */
  readonly others: ReadonlySet<string>;
  readonly type: string;
  readonly label: string;
}

/** The sorts of event that a config is held against. */
export interface EventSorts {
  /** Those of the sources that the config has, with the settings that they have. */
  readonly configured: readonly EventSort[];
  /** Those of all sources that it could have, whatever their settings. */
  readonly possible: readonly EventSort[];
}

/** The sorts of event for the sources of a config, which need not be valid. */
export function eventSorts(sources: unknown): EventSorts {
  const entries = entriesOf(sources);
  const others = new Set(entries.map(([name]) => name));
  const named = entries.flatMap(([name, settings]) =>
    TYPES.filter(({ type }) => type === valueAt(settings, ["type"])).map((type) => ({
      type,
      source: { name, others, type: type.type, label: type.label },
      settings,
    })),
  );
  const possible = [
    ...named.flatMap(({ type, source }) => sortsOf(type, source, type.changeKinds)),
    ...TYPES.flatMap((type) =>
      sortsOf(type, { name: null, others, type: type.type, label: type.label }, type.changeKinds),
    ),
  ];
  // Of a source whose type is a mistake nothing is known.
  const isUnsure = entries.length === 0 || named.length < entries.length;
  const configured = named.flatMap(({ type, source, settings }) =>
    sortsOf(
      type,
      source,
      type.changeKinds.filter((one) => isTold(one, settings)),
    ),
  );
  return { possible, configured: isUnsure ? possible : configured };
}

const TYPES: readonly SourceType[] = Object.values(SOURCE_TYPES);

/** The types of event that changes are computed for, of any source. */
export const COMPUTED_TYPES: ReadonlySet<string> = new Set(
  TYPES.flatMap(({ eventTypes }) => eventTypes),
);

/** The types of source that tell a kind of change, and the setting that they need for it. */
export function tellersOf(
  kind: string,
): readonly { readonly type: string; readonly told: ToldKind }[] {
  return TYPES.flatMap(({ type, changeKinds }) =>
    changeKinds.filter((told) => told.kind === kind).map((told) => ({ type, told })),
  );
}

/** What the changes of a sort can be, whatever the settings of its source. */
export function conceivable({ source, event, changes }: EventSort): readonly ToldKind[] {
  if (event === null) return changes;
  return TYPES.find(({ type }) => type === source.type)?.changeKinds ?? changes;
}

function sortsOf(type: SourceType, source: SortSource, changes: readonly ToldKind[]): EventSort[] {
  return [
    ...type.eventTypes.map((event) => ({ source, event, changes })),
    { source, event: null, changes: RECEIVED },
  ];
}

const RECEIVED: readonly ToldKind[] = [
  { kind: "event.received" satisfies ChangeKind, carries: [] },
];

function isTold({ needs }: ToldKind, settings: unknown): boolean {
  return needs === undefined || needs.values.includes(String(valueAt(settings, [needs.setting])));
}

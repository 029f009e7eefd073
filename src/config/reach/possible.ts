import { FACTS_SHAPE, type Shape, shapeAt } from "../../core/shape.ts";
import type { CarriedFact, ToldKind } from "../../sources/source.ts";
import { COMPUTED_TYPES, type EventSort } from "./event-sorts.ts";

/** What the value at a path can be in events of one sort. */
export interface Possible {
  /** All that it can be, `undefined` standing for nothing; `null` where that cannot be listed. */
  readonly values: readonly unknown[] | null;
  /** Texts that it never is, where `values` is `null`. */
  readonly never: ReadonlySet<string>;
  readonly canBeAbsent: boolean;
  /** Whether it may be a list, of which one element has to fit. */
  readonly canBeList: boolean;
  readonly type: Shape["type"];
}

/** What a path leads to in events of a sort; below `change` or `changes`, in a change of the kind given. */
export function possibleAt(path: string, sort: EventSort, told?: ToldKind): Possible {
  const { root, field, open, listed } = knownOf(path);
  const only = (values: readonly unknown[]): Possible => ({ ...open, values });
  if (root === "event")
    return sort.event === null ? { ...open, never: COMPUTED_TYPES } : only([sort.event]);
  if (path === "source.type") return only([sort.source.type]);
  if (path === "source.name")
    return sort.source.name === null
      ? { ...open, never: sort.source.others }
      : only([sort.source.name]);
  if (isChangeRoot(root)) {
    if (field === "kind" && told !== undefined) return only([told.kind]);
    if (told !== undefined && isCarried(field) && !told.carries.includes(field))
      return only([undefined]);
  }
  if (isCarried(root) && !sort.changes.some((one) => one.carries.includes(root)))
    return only([undefined]);
  return listed === undefined ? open : only(listed);
}

/** What is known of a path whatever the event. */
interface KnownPath {
  readonly root: string;
  readonly field: string;
  readonly open: Possible;
  /** All values, where they are few. */
  readonly listed: readonly string[] | undefined;
}

/** Kept, because routes are held against each other by a few paths again and again. */
const knownPaths = new Map<string, KnownPath>();

/** How many paths are kept; ours. */
const MAX_PATHS = 1_000;

function knownOf(path: string): KnownPath {
  const known = knownPaths.get(path);
  if (known !== undefined) return known;
  const steps = path.split(".");
  const [root = "", field = ""] = steps;
  const shape = leafShape(shapeAt(FACTS_SHAPE, steps));
  const open: Possible = {
    values: null,
    never: NONE,
    canBeAbsent: !ALWAYS_THERE.has(path),
    canBeList: isInsideList(steps),
    type: shape?.type ?? "any",
  };
  const made = { root, field, open, listed: shape?.type === "string" ? shape.values : undefined };
  if (knownPaths.size >= MAX_PATHS) knownPaths.clear();
  knownPaths.set(path, made);
  return made;
}

/** Whether a path's first name leads to a change. */
export function isChangeRoot(root: string): boolean {
  return root === "change" || root === "changes";
}

/** Whether a fact is one that only some kinds of change have. */
export function isCarried(name: string): name is CarriedFact {
  return CARRIED.has(name);
}

const CARRIED: ReadonlySet<string> = new Set<CarriedFact>([
  "subscription",
  "benefit",
  "group",
  "meter",
  "actor",
  "fields",
  "before",
  "after",
]);

const NONE: ReadonlySet<string> = new Set();

const ALWAYS_THERE: ReadonlySet<string> = new Set([
  "event",
  "time",
  "tone",
  "data",
  "change",
  "changes",
  ...["name", "type", "label"].map((name) => `source.${name}`),
  "source",
  ...["change", "changes"].flatMap((root) =>
    ["kind", "summary", "tone"].map((name) => `${root}.${name}`),
  ),
]);

/** Lists are entered silently. */
function leafShape(shape: Shape | undefined): Shape | undefined {
  return shape?.type === "list" ? leafShape(shape.of) : shape;
}

/** Whether there may be a list on the way, that of the changes left out. */
function isInsideList(steps: readonly string[]): boolean {
  return steps.some((_, index) => {
    if (index === 0 && steps[0] === "changes") return false;
    const shape = shapeAt(FACTS_SHAPE, steps.slice(0, index + 1));
    return shape?.type === "list" || shape?.type === "any";
  });
}

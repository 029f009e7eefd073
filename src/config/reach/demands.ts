import type { Condition } from "../../core/condition.ts";
import { entriesOf, type Path } from "../yaml/path.ts";
import type { Written } from "../routes/written-routes.ts";

/** All that a route's matches ask of an event, taken apart. */
export interface Demands {
  /** Conditions on paths; those of one group are of one match, and share the elements of lists. */
  readonly groups: readonly (readonly Demand[])[];
  /** Of each, one must hold. */
  readonly anys: readonly AnyDemand[];
  /** None of them may hold. */
  readonly nots: readonly NotDemand[];
}

/** One condition on one path. */
export interface Demand {
  /** The path in the event. */
  readonly fact: string;
  /** What the path begins with. */
  readonly root: string;
  readonly condition: Condition;
  /** Where it stands in the config. */
  readonly at: Path;
}

interface AnyDemand {
  readonly branches: readonly Demands[];
  readonly at: Path;
}

interface NotDemand {
  readonly demands: Demands;
  readonly at: Path;
}

/** What matches that must all hold ask of an event; they are as the schema takes them. */
export function demandsOf(matches: readonly Written[]): Demands {
  const entries = matches.flatMap(({ value, path }) =>
    entriesOf(value).map(([fact, condition]) => ({
      fact,
      root: fact.split(".", 1)[0] ?? "",
      condition,
      at: [...path, fact],
    })),
  );
  const group = entries.filter(({ fact }) => fact !== "any" && fact !== "not");
  return {
    groups: group.length === 0 ? [] : [group as readonly Demand[]],
    anys: entries.flatMap(({ fact, condition, at }) =>
      fact === "any" && Array.isArray(condition)
        ? [
            {
              at,
              branches: condition.map((value: unknown, index) =>
                demandsOf([{ value, path: [...at, index] }]),
              ),
            },
          ]
        : [],
    ),
    nots: entries.flatMap(({ fact, condition, at }) =>
      fact === "not" ? [{ at, demands: demandsOf([{ value: condition, path: at }]) }] : [],
    ),
  };
}

/** What asks for nothing. */
export const NO_DEMANDS: Demands = { groups: [], anys: [], nots: [] };

/** Both together; what shares an element of a list in either does so in both alone. */
export function together(...all: readonly Demands[]): Demands {
  return {
    groups: all.flatMap(({ groups }) => groups),
    anys: all.flatMap(({ anys }) => anys),
    nots: all.flatMap(({ nots }) => nots),
  };
}

/** Each `any` decided for one of its branches, in every way; `undefined` when there are too many. */
export function branchesOf(demands: Demands): readonly Demands[] | undefined {
  const [first, ...rest] = demands.anys;
  if (first === undefined) return [demands];
  const found: Demands[] = [];
  for (const branch of first.branches) {
    const decided = branchesOf(together({ ...demands, anys: rest }, branch));
    if (decided === undefined || found.length + decided.length > MAX_BRANCHES) return undefined;
    found.push(...decided);
  }
  return found;
}

/** In how many ways nested `any` are looked through; ours, far above what people write. */
const MAX_BRANCHES = 256;

import type { Condition } from "../../core/condition.ts";
import type { ToldKind } from "../../sources/source.ts";
import { canMeetAll, implies } from "./condition-logic.ts";
import { branchesOf, type Demand, type Demands, together } from "./demands.ts";
import type { EventSort } from "./event-sorts.ts";
import { isChangeRoot, type Possible, possibleAt } from "./possible.ts";

/** Whether some event of a sort can meet the demands; `true` wherever that cannot be told. */
export function canHold(demands: Demands, sort: EventSort): boolean {
  return openBranches(demands, sort)?.length !== 0;
}

/** Whether every event of a sort that meets the first demands meets the others too; `false` where that cannot be told. */
export function isImplied(given: Demands, asked: Demands, sort: EventSort): boolean {
  const branches = openBranches(given, sort);
  return branches?.every((branch) => branchImplies(branch, asked, sort)) ?? false;
}

/** Each way in which an event of a sort can meet the demands, without any `any`; `undefined` when there are too many. */
function openBranches(demands: Demands, sort: EventSort): readonly Demands[] | undefined {
  const known = opened.get(demands) ?? new Map<EventSort, readonly Demands[] | undefined>();
  opened.set(demands, known);
  if (known.has(sort)) return known.get(sort);
  const branches = branchesOf(demands)?.filter((branch) => isOpen(branch, sort));
  known.set(sort, branches);
  return branches;
}

/** Kept, since the demands of a route are held against those of every route before it. */
const opened = new WeakMap<Demands, Map<EventSort, readonly Demands[] | undefined>>();

/** The kinds of change that a condition on a change leaves, in events of a sort. */
export function kindsMeeting(demand: Demand, sort: EventSort): readonly ToldKind[] {
  return sort.changes.filter((told) => kindMeets([demand], sort, told));
}

/** Without any `any`. */
function isOpen(demands: Demands, sort: EventSort): boolean {
  const { plain, first, elements } = partsOf(demands);
  if (!isMet(plain, (fact) => possibleAt(fact, sort))) return false;
  if (![first, ...elements].every((some) => someKindMeets(some, sort))) return false;
  const conditions = { ...demands, anys: [], nots: [] };
  return demands.nots.every((not) => !branchImplies(conditions, not.demands, sort));
}

/** The conditions of some demands by what they are about. */
interface Parts {
  readonly plain: readonly Demand[];
  /** Those on the first change. */
  readonly first: readonly Demand[];
  /** Those on one of the changes, a list for each match. */
  readonly elements: readonly (readonly Demand[])[];
}

function partsOf(demands: Demands): Parts {
  const known = parts.get(demands);
  if (known !== undefined) return known;
  const all = demands.groups.flat();
  const made = {
    plain: all.filter(({ root }) => !isChangeRoot(root)),
    first: all.filter(isOfFirst),
    elements: demands.groups
      .map((group) => group.filter(({ root }) => root === "changes"))
      .filter((element) => element.length > 0),
  };
  parts.set(demands, made);
  return made;
}

/** Kept, as the branches are. */
const parts = new WeakMap<Demands, Parts>();

function isOfFirst({ root }: Demand): boolean {
  return root === "change";
}

function someKindMeets(demands: readonly Demand[], sort: EventSort): boolean {
  return demands.length === 0 || sort.changes.some((told) => kindMeets(demands, sort, told));
}

function kindMeets(demands: readonly Demand[], sort: EventSort, told: ToldKind): boolean {
  return isMet(demands, (fact) => possibleAt(fact, sort, told));
}

/** Conditions on one path meet in one value, unless there may be a list on the way. */
function isMet(demands: readonly Demand[], possibleOf: (fact: string) => Possible): boolean {
  for (const [fact, conditions] of byFact(demands)) {
    const possible = possibleOf(fact);
    const sharing = possible.canBeList ? conditions.map((one) => [one]) : [conditions];
    if (!sharing.every((some) => canMeetAll(some, possible))) return false;
  }
  return true;
}

function byFact(demands: readonly Demand[]): ReadonlyMap<string, readonly Condition[]> {
  const sorted = facts.get(demands);
  if (sorted !== undefined) return sorted;
  const found = new Map<string, Condition[]>();
  facts.set(demands, found);
  for (const { fact, condition } of demands) {
    const known = found.get(fact);
    if (known === undefined) found.set(fact, [condition]);
    else known.push(condition);
  }
  return found;
}

const facts = new WeakMap<readonly Demand[], ReadonlyMap<string, readonly Condition[]>>();

/** Without any `any` among the given. */
function branchImplies(given: Demands, asked: Demands, sort: EventSort): boolean {
  return (
    conditionsImplied(given, asked, sort) &&
    asked.anys.every(({ branches }) => branches.some((one) => branchImplies(given, one, sort))) &&
    asked.nots.every(({ demands }) => !canHold(together(given, demands), sort))
  );
}

function conditionsImplied(given: Demands, asked: Demands, sort: EventSort): boolean {
  const [own, other] = [partsOf(given), partsOf(asked)];
  const possibleOf = (fact: string) => possibleAt(fact, sort);
  const known = byFact(own.plain);
  // Most routes are told apart by this alone.
  if (needed(asked, sort).some((fact) => !known.has(fact))) return false;
  return (
    allImplied(own.plain, other.plain, possibleOf) &&
    asked.groups.every((group) => sharingImplied(given, group, sort)) &&
    everyKindImplies(own.first, other.first, sort) &&
    other.elements.every((element) => elementImplied(own, element, sort))
  );
}

/** The paths, those into changes left out, on which demands hold only where something is asked of them elsewhere. */
function needed(demands: Demands, sort: EventSort): readonly string[] {
  const known = needs.get(demands) ?? new Map<EventSort, readonly string[]>();
  needs.set(demands, known);
  const before = known.get(sort);
  if (before !== undefined) return before;
  const found = [...byFact(partsOf(demands).plain)]
    .filter(([fact, all]) => all.some((one) => !implies([], one, possibleAt(fact, sort))))
    .map(([fact]) => fact);
  known.set(sort, found);
  return found;
}

/** Kept, as the branches are. */
const needs = new WeakMap<Demands, Map<EventSort, readonly string[]>>();

/** Conditions that may share an element of a list are implied by those of one match alone, or by nothing at all. */
function sharingImplied(given: Demands, group: readonly Demand[], sort: EventSort): boolean {
  const isSharing = ({ root, fact }: Demand) =>
    !isChangeRoot(root) && possibleAt(fact, sort).canBeList;
  const sharing = group.filter(isSharing);
  if (sharing.length < 2 || given.groups.length < 2) return true;
  return given.groups.some((some) => allImplied(some, sharing, (fact) => possibleAt(fact, sort)));
}

function allImplied(
  given: readonly Demand[],
  asked: readonly Demand[],
  possibleOf: (fact: string) => Possible,
): boolean {
  const known = byFact(given);
  return asked.every(({ fact, condition }) =>
    implies(known.get(fact) ?? [], condition, possibleOf(fact)),
  );
}

/** The conditions on one of the changes: some change that is asked for, the first one included, meets them all. */
function elementImplied(
  { first, elements }: Parts,
  asked: readonly Demand[],
  sort: EventSort,
): boolean {
  if ([NOTHING_ASKED, ...elements].some((one) => everyKindImplies(one, asked, sort))) return true;
  const ofFirst = first.map((one) => ({ ...one, fact: one.fact.replace(/^change\b/, "changes") }));
  return first.length > 0 && everyKindImplies(ofFirst, asked, sort);
}

const NOTHING_ASKED: readonly Demand[] = [];

function everyKindImplies(
  given: readonly Demand[],
  asked: readonly Demand[],
  sort: EventSort,
): boolean {
  if (asked.length === 0) return true;
  return sort.changes.every(
    (told) =>
      !kindMeets(given, sort, told) ||
      allImplied(given, asked, (fact) => possibleAt(fact, sort, told)),
  );
}

import { canHold, kindsMeeting } from "./demand-logic.ts";
import { type Demand, type Demands, NO_DEMANDS, together } from "./demands.ts";
import { type EventSort, type EventSorts, tellersOf } from "./event-sorts.ts";
import { doubt, type Flaw, flaw } from "../yaml/flaw.ts";
import { nameList } from "../yaml/name-list.ts";
import type { Path } from "../yaml/path.ts";
import { isCarried, isChangeRoot } from "./possible.ts";
import type { RouteReach } from "./route-reach.ts";

/** A text of the config as messages may show it. */
type Shown = (path: Path, value: unknown) => string;

/**
 * The conditions of a route that no event can meet: an error where they contradict themselves or each other, a warning
 * where only the sources of this config have no such events, or where one branch of an `any` is in vain.
 */
export function reachFlaws(
  { demands, matched, route }: RouteReach,
  sorts: EventSorts,
  shown: Shown,
): Flaw[] {
  const branches = demands.anys.flatMap((any) => any.branches);
  const inner = branches.flatMap((branch) => contradiction(branch, sorts.possible, shown));
  if (inner.length > 0) return inner;
  const never = contradiction(demands, sorts.possible, shown);
  if (never.length > 0) return never;
  if (matched.length > 0) return deadBranches(demands, sorts.possible, shown);
  return [unsourced(demands, sorts, shown, route.matches.at(-1)?.path ?? route.path)];
}

/** Branches of an `any` that the other conditions rule out, while another branch is open. */
function deadBranches(demands: Demands, sorts: readonly EventSort[], shown: Shown): Flaw[] {
  return demands.anys.flatMap((any) => {
    const rest = { ...demands, anys: demands.anys.filter((one) => one !== any) };
    return any.branches
      .flatMap((branch) => contradiction(together(rest, branch), sorts, shown))
      .map((one) => doubt(one.path, one.message));
  });
}

/** A part of what a route asks for, small enough to be blamed. */
interface Atom {
  readonly demands: Demands;
  readonly at: Path;
  /** Which match it is a condition of, of those that share no elements of lists. */
  readonly group?: number;
  /** The condition, if it is one. */
  readonly demand?: Demand;
}

function contradiction(demands: Demands, sorts: readonly EventSort[], shown: Shown): Flaw[] {
  if (sorts.some((sort) => canHold(demands, sort))) return [];
  const atoms = atomsOf(demands);
  const alone = atoms.find((one) => !sorts.some((sort) => canHold(one.demands, sort)));
  if (alone !== undefined) return [flaw(alone.at, aloneSentence(alone))];
  for (const [index, second] of atoms.entries()) {
    for (const first of atoms.slice(0, index)) {
      const both = joined(first, second);
      if (sorts.some((sort) => canHold(both, sort))) continue;
      const left = sorts.filter((sort) => canHold(first.demands, sort));
      const message = `This never holds together with ${nameOf(first, shown)}${reason(second, first, left)}`;
      return [flaw(second.at, message)];
    }
  }
  const last = atoms.at(-1);
  return last === undefined ? [] : [flaw(last.at, "No event meets this and the other conditions.")];
}

/** A demand keeps its group, as conditions on one list mean one element. */
function atomsOf({ groups, anys, nots }: Demands): readonly Atom[] {
  return [
    ...groups.flatMap((demands, group) =>
      demands.map((demand) => ({
        demands: { ...NO_DEMANDS, groups: [[demand]] },
        at: demand.at,
        demand,
        group,
      })),
    ),
    ...anys.map((any) => ({ demands: { ...NO_DEMANDS, anys: [any] }, at: any.at })),
    ...nots.map((not) => ({ demands: { ...NO_DEMANDS, nots: [not] }, at: not.at })),
  ];
}

/** Both, in one match where they are of one. */
function joined(first: Atom, second: Atom): Demands {
  const all = together(first.demands, second.demands);
  const isOneMatch = first.group !== undefined && first.group === second.group;
  return isOneMatch ? { ...all, groups: [all.groups.flat()] } : all;
}

function aloneSentence({ demand, demands }: Atom): string {
  if (demands.anys.length > 0) return "None of these can hold.";
  if (demands.nots.length > 0)
    return "This takes no event at all: every event meets what is excluded here.";
  const condition = demand?.condition;
  const isTests = typeof condition === "object" && condition !== null && !Array.isArray(condition);
  if (isTests && "exists" in condition && !condition.exists) {
    return Object.keys(condition).length === 1
      ? `"${demand?.fact}" is always there.`
      : "`exists: false` takes events without a value here, which then meet no other test. Remove one of them.";
  }
  if (isTests) return "No value meets all of these tests.";
  return `"${demand?.fact}" is never this.`;
}

function nameOf({ demand, demands, at }: Atom, shown: Shown): string {
  if (demand === undefined)
    return demands.anys.length > 0 ? "the `any` of this match" : "the `not` of this match";
  const { fact, condition } = demand;
  const isSingle = typeof condition !== "object" || condition === null;
  return isSingle ? `\`${fact}: ${shown(at, condition)}\`` : `what is asked of \`${fact}\``;
}

/** Why a condition does not hold for events that are left by another, as the end of a sentence. */
function reason({ demand }: Atom, { demand: first }: Atom, left: readonly EventSort[]): string {
  if (demand === undefined || left.length === 0) return ".";
  const [root = "", field = ""] = demand.fact.split(".");
  const ofOneChange = isChangeRoot(root) && first?.fact.startsWith(`${root}.`) === true;
  const kinds = left.flatMap((sort) => (ofOneChange ? kindsMeeting(first, sort) : sort.changes));
  const lacking = isChangeRoot(root) ? field : root;
  if (isCarried(lacking) && !kinds.some(({ carries }) => carries.includes(lacking)))
    return `: such ${ofOneChange ? "a change" : "an event"} has no \`${lacking}\`.`;
  if (isChangeRoot(root) && field === "kind") {
    const told = [...new Set(left.flatMap(({ changes }) => changes.map(({ kind }) => kind)))];
    const families = [...new Set(told.map((kind) => kind.replace(/\..*/, ".*")))];
    return `: such an event tells only ${nameList(told.length > 5 ? families : told, "and")}.`;
  }
  const types = [...new Set(left.map(({ event }) => event))];
  if (root === "event")
    return types.includes(null) ? "." : `: such an event is ${nameList(types.map(String), "or")}.`;
  const sources = [...new Set(left.map(({ source }) => source.type))];
  return root === "source"
    ? `: such an event comes from a source of type ${nameList(sources, "or")}.`
    : ".";
}

/** Told where it helps most: at the first condition that no source of the config can meet by itself. */
function unsourced(
  demands: Demands,
  { configured, possible }: EventSorts,
  shown: Shown,
  match: Path,
): Flaw {
  const alone = atomsOf(demands).find(
    (one) => !configured.some((sort) => canHold(one.demands, sort)),
  );
  if (alone === undefined)
    return doubt(
      match,
      "No source of this config has events that meet all of these conditions.",
      "key",
    );
  const able = possible.filter((sort) => canHold(alone.demands, sort));
  const types = [...new Set(able.map(({ source }) => source.type))];
  const configuredTypes = new Set(configured.map(({ source }) => source.type));
  const setting = settingFor(alone, configuredTypes);
  if (setting !== undefined) return doubt(alone.at, setting);
  const asked = alone.demand === undefined ? "such events" : `events with ${nameOf(alone, shown)}`;
  return doubt(
    alone.at,
    `No source of this config has ${asked}: they come from a source of type ${nameList(types, "or")}.`,
  );
}

/** The setting without which a source that the config has does not tell what a condition asks for. */
function settingFor({ demand }: Atom, configured: ReadonlySet<string>): string | undefined {
  if (demand === undefined) return undefined;
  const asked = Array.isArray(demand.condition) ? demand.condition : [demand.condition];
  for (const kind of asked) {
    for (const { type, told } of tellersOf(String(kind))) {
      if (told.needs === undefined || !configured.has(type)) continue;
      const { setting, values } = told.needs;
      const ways = values.map((value) => `\`${setting}: ${value}\``).join(" or ");
      return `"${told.kind}" is told only where a source of type "${type}" has ${ways}.`;
    }
  }
  return undefined;
}

import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import type { ToldKind } from "../../sources/source.ts";
import {
  both,
  canBe,
  type CelValue,
  compared,
  either,
  equated,
  negated,
  oneOf,
  truth,
  UNKNOWN,
} from "./cel-value.ts";
import type { EventSort } from "./event-sorts.ts";
import { isCarried, isChangeRoot, possibleAt } from "./possible.ts";

/** A CEL condition, or one that it joins with others by `&&`, held against sorts of event. */
export interface CelReach {
  /** Offsets into the condition's text, the end not included. */
  readonly start: number;
  readonly end: number;
  /** Whether it can hold for some event of a sort; `true` wherever that cannot be told. */
  readonly canHold: (sort: EventSort) => boolean;
  /** Whether it holds for every event of a sort; `false` wherever that cannot be told. */
  readonly isAlways: (sort: EventSort) => boolean;
  /** The facts that it asks for and no event of a sort has. */
  readonly lacking: (sort: EventSort) => readonly string[];
}

/** What a condition without mistakes can come to: the whole of it first, then what it joins by `&&`. */
export function celReach(text: string): readonly [CelReach, ...CelReach[]] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const { ast } = syntax.parse(text);
  const made = [reachOf(ast), ...(ast.op === "&&" ? joined(ast).map(reachOf) : [])] as const;
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(text, [...made]);
  return [...made];
}

const syntax = new Environment({ unlistedVariablesAreDyn: true });

const parsed = new Map<string, readonly [CelReach, ...CelReach[]]>();

/** How many conditions are kept for the next check, so that saving one file does not parse all again; ours. */
const MAX_PARSED = 1_000;

function joined(node: ASTNode): readonly ASTNode[] {
  return node.op === "&&" ? node.args.flatMap(joined) : [node];
}

function reachOf(node: ASTNode): CelReach {
  const held = new WeakMap<EventSort, Held>();
  const heldAgainst = (sort: EventSort): Held => {
    const known = held.get(sort) ?? holdAgainst(node, sort);
    held.set(sort, known);
    return known;
  };
  return {
    start: node.start,
    end: node.end,
    canHold: (sort) => heldAgainst(sort).canHold,
    isAlways: (sort) => heldAgainst(sort).isAlways,
    lacking: (sort) => [...heldAgainst(sort).lacking],
  };
}

/** What came of holding an expression against a sort of event. */
interface Held {
  readonly canHold: boolean;
  readonly isAlways: boolean;
  readonly lacking: ReadonlySet<string>;
}

function holdAgainst(node: ASTNode, sort: EventSort): Held {
  const lacking = new Set<string>();
  // Of which kind the first change is, only a condition that asks for it can tell.
  const firsts = /\bchange\b/.test(node.input) ? sort.changes : sort.changes.slice(0, 1);
  const values = firsts.map((first) => evaluate(node, { sort, first, items: NO_ITEMS, lacking }));
  return {
    canHold: values.some((value) => canBe(value, true)),
    isAlways: values.every((value) => !value.canFail && canBe(value, true) && !canBe(value, false)),
    lacking,
  };
}

/** What an expression is evaluated for. */
interface Evaluation {
  readonly sort: EventSort;
  /** The kind of the first change. */
  readonly first: ToldKind;
  /** The kinds of changes that macros have given names. */
  readonly items: ReadonlyMap<string, ToldKind | null>;
  /** Collects the facts that are asked for and never there. */
  readonly lacking: Set<string>;
}

const NO_ITEMS: Evaluation["items"] = new Map();

function evaluate(node: ASTNode, on: Evaluation): CelValue {
  switch (node.op) {
    case "value":
      return oneOf([comparable(node.args)], false);
    case "id":
    case ".":
      return valueOfFact(node, on);
    case "!_":
      return negated(evaluate(node.args, on));
    case "&&":
      return both(evaluate(node.args[0], on), evaluate(node.args[1], on));
    case "||":
      return either(evaluate(node.args[0], on), evaluate(node.args[1], on));
    case "==":
      return equated(evaluate(node.args[0], on), evaluate(node.args[1], on));
    case "!=":
      return negated(equated(evaluate(node.args[0], on), evaluate(node.args[1], on)));
    case "in":
      return isIn(node.args[0], node.args[1], on);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compared(
        evaluate(node.args[0], on),
        evaluate(node.args[1], on),
        ordered(ORDERS[node.op]),
      );
    case "?:":
      return chosen(node, on);
    case "call":
      return node.args[0] === "has" ? isThere(node.args[1][0], on) : UNKNOWN;
    case "rcall":
      return quantified(node, on);
    case ".?":
    case "[]":
    case "[?]":
    case "list":
    case "map":
    case "-_":
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return UNKNOWN;
  }
}

/** JSON has one kind of number, CEL several. */
function comparable(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

type Order = (a: number | string, b: number | string) => boolean;

const ORDERS: Readonly<Record<"<" | "<=" | ">" | ">=", Order>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

/** Numbers and texts have an order among themselves; anything else never holds. */
function ordered(holds: Order): (a: unknown, b: unknown) => boolean {
  return (a, b) =>
    (typeof a === "number" && typeof b === "number" && holds(a, b)) ||
    (typeof a === "string" && typeof b === "string" && holds(a, b));
}

/** A fact that an expression names, and the kind of the change that it is of. */
interface Fact {
  readonly path: string;
  readonly told: ToldKind | undefined;
}

/** `undefined` for what is no plain path into an event. */
function factOf(node: ASTNode, on: Evaluation): Fact | undefined {
  if (node.op === "id") {
    const item = on.items.get(node.args);
    if (item === null) return undefined;
    if (item !== undefined) return { path: "changes", told: item };
    return { path: node.args, told: node.args === "change" ? on.first : undefined };
  }
  if (node.op !== ".") return undefined;
  const holder = factOf(node.args[0], on);
  return holder && { ...holder, path: `${holder.path}.${node.args[1]}` };
}

function valueOfFact(node: ASTNode, on: Evaluation): CelValue {
  const fact = factOf(node, on);
  if (fact === undefined) return UNKNOWN;
  const { values, never, canBeAbsent, type } = possibleAt(fact.path, on.sort, fact.told);
  if (values === null) return { values, never, canFail: canBeAbsent || type === "any" };
  const there = values.filter((value) => value !== undefined);
  if (there.length === 0) noteLacking(fact, on);
  return oneOf(there, there.length < values.length || canBeAbsent);
}

/** Notes what no change of the sort has: `subscription` of `changes.subscription.amount`. */
function noteLacking({ path }: Fact, { sort, lacking }: Evaluation): void {
  const [root = "", field = ""] = path.split(".");
  const name = isChangeRoot(root) ? field : root;
  if (isCarried(name) && !sort.changes.some(({ carries }) => carries.includes(name)))
    lacking.add(name);
}

function isIn(one: ASTNode, list: ASTNode, on: Evaluation): CelValue {
  const value = evaluate(one, on);
  if (list.op !== "list") return truth(true, true, true);
  return list.args
    .map((item) => equated(value, evaluate(item, on)))
    .reduce(either, truth(false, true, value.canFail));
}

function chosen(node: Extract<ASTNode, { op: "?:" }>, on: Evaluation): CelValue {
  const [condition, yes, no] = node.args;
  const asked = evaluate(condition, on);
  const [first, second] = [evaluate(yes, on), evaluate(no, on)];
  const ways = [...(canBe(asked, true) ? [first] : []), ...(canBe(asked, false) ? [second] : [])];
  const canFail = asked.canFail || ways.some((way) => way.canFail);
  const values = ways.flatMap((way) => way.values ?? []);
  return ways.some((way) => way.values === null) ? UNKNOWN : oneOf(values, canFail);
}

function isThere(node: ASTNode | undefined, on: Evaluation): CelValue {
  const fact = node && factOf(node, on);
  if (fact === undefined) return truth(true, true, true);
  const { values, canBeAbsent } = possibleAt(fact.path, on.sort, fact.told);
  const isNever = values?.every((value) => value === undefined) ?? false;
  if (isNever) noteLacking(fact, on);
  return truth(!isNever, isNever || canBeAbsent, isNever);
}

/** Macros over the changes, of which there is at least one; each may be of any kind that the sort tells. */
function quantified(node: Extract<ASTNode, { op: "rcall" }>, on: Evaluation): CelValue {
  const [name, list, [variable, condition]] = node.args;
  const isMacro = name === "exists" || name === "all" || name === "exists_one";
  if (!isMacro || variable?.op !== "id" || condition === undefined) return UNKNOWN;
  const isChanges = list.op === "id" && list.args === "changes" && !on.items.has("changes");
  const kinds = isChanges ? on.sort.changes : [null];
  const results = kinds.map((told) =>
    evaluate(condition, { ...on, items: new Map([...on.items, [variable.args, told]]) }),
  );
  const can = (value: boolean) => results.some((one) => canBe(one, value));
  const canFail = results.some((one) => one.canFail);
  if (!isChanges) return truth(name === "all" || can(true), true, true);
  return truth(can(true), name === "exists_one" || can(false), canFail);
}

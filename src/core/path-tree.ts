import { type Condition, show, type Test, test } from "./condition.ts";
import type { Expectation, Miss } from "./miss.ts";

/** What must be at the end of a path. */
export type PathCondition = readonly [path: string, condition: Condition];

/** Conditions on paths, of which those that share a list must hold of the same element of it. */
export interface PathTree {
  /** The first of them that fails. */
  missOf(root: unknown): Miss | undefined;
  readonly expectations: readonly Expectation[];
}

/** Makes conditions on paths ready for values. */
export function pathTree(conditions: readonly PathCondition[]): PathTree {
  const tree: Node = { path: "", tests: [], children: new Map() };
  for (const [path, condition] of conditions) plant(tree, path, test(condition));
  const order = orderOf(tree);
  return { missOf: (root) => walk(tree, root, order), expectations: expectationsOf(tree) };
}

/** The conditions of a match as a tree of path segments, so that those which share a list meet in one node. */
interface Node {
  readonly path: string;
  readonly tests: Test[];
  readonly children: Map<string, Node>;
}

function expectationsOf({ path, tests, children }: Node): Expectation[] {
  const here = tests.map(({ expected }) => ({ path, expected }));
  return [...here, ...[...children.values()].flatMap(expectationsOf)];
}

function plant(tree: Node, path: string, added: Test): void {
  let node = tree;
  for (const name of path.split(".")) {
    let child = node.children.get(name);
    if (child === undefined) {
      child = {
        path: node.path === "" ? name : `${node.path}.${name}`,
        tests: [],
        children: new Map(),
      };
      node.children.set(name, child);
    }
    node = child;
  }
  node.tests.push(added);
}

/** From a path to its place in the order in which a tree is walked. */
type Order = ReadonlyMap<string, number>;

function orderOf(tree: Node): Order {
  const paths = (node: Node): string[] => [
    node.path,
    ...[...node.children.values()].flatMap(paths),
  ];
  return new Map(paths(tree).map((path, place) => [path, place]));
}

function walk(node: Node, value: unknown, order: Order): Miss | undefined {
  if (Array.isArray(value)) return walkList(node, value, order);
  for (const one of node.tests) {
    if (!one.holds(value)) return { path: node.path, expected: one.expected, actual: show(value) };
  }
  for (const [name, child] of node.children) {
    const miss = walk(child, own(value, name), order);
    if (miss !== undefined) return miss;
  }
  return undefined;
}

/** For the miss, the path that elements came farthest to, and the values of all that failed there. */
function walkList(node: Node, list: readonly unknown[], order: Order): Miss | undefined {
  const misses: Miss[] = [];
  for (const element of list) {
    const miss = walk(node, element, order);
    if (miss === undefined) return undefined;
    misses.push(miss);
  }
  const farthest = farthestOf(misses, order) ?? walk(node, undefined, order);
  if (farthest === undefined) return undefined;
  const actual = misses.filter((miss) => miss.path === farthest.path).map((miss) => miss.actual);
  return { ...farthest, actual: actual.length === 0 ? "nothing" : [...new Set(actual)].join(", ") };
}

function farthestOf(misses: readonly Miss[], order: Order): Miss | undefined {
  let farthest = misses[0];
  for (const miss of misses) {
    if ((order.get(miss.path) ?? 0) > (order.get(farthest?.path ?? "") ?? 0)) farthest = miss;
  }
  return farthest;
}

/** What an object has under a name itself; `undefined` for anything else. */
export function own(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as { readonly [name: string]: unknown })[name];
}

/** What two lists have in common and what they do not, whatever their order. */
export interface ListDifference<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  /** Those in both lists, as they were and as they are. */
  readonly kept: readonly (readonly [before: T, after: T])[];
}

/** The difference of two lists whose elements are told apart by a key. */
export function listDifference<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (element: T) => string,
): ListDifference<T> {
  const old = new Map(before.map((element) => [keyOf(element), element]));
  const added: T[] = [];
  const kept: [T, T][] = [];
  for (const [key, element] of new Map(after.map((one) => [keyOf(one), one]))) {
    const was = old.get(key);
    if (was === undefined) added.push(element);
    else kept.push([was, element]);
    old.delete(key);
  }
  return { added, removed: [...old.values()], kept };
}

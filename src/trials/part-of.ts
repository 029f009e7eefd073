/**
 * Of a value, the parts that the expected one names, so that both can be held against each other: the keys of
 * mappings, inside lists of the same length too. A key that is expected to be `null` may also be absent.
 */
export function partOf(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length === expected.length)
    return actual.map((one: unknown, index) => partOf(one, expected[index]));
  if (!isMapping(actual) || !isMapping(expected)) return actual;
  return Object.fromEntries(
    Object.entries(expected).flatMap(([key, wanted]) => {
      if (Object.hasOwn(actual, key)) return [[key, partOf(actual[key], wanted)]];
      return wanted === null ? [[key, null]] : [];
    }),
  );
}

/** Whether a value is a mapping, and neither a list nor `null`. */
export function isMapping(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

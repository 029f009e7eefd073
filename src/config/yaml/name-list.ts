/** Names in quotes, as a sentence holds them: `"a", "b" and "c"`. */
export function nameList(names: readonly string[], word: "and" | "or"): string {
  const quoted = names.map((name) => `"${name}"`);
  return [quoted.slice(0, -1).join(", "), ...quoted.slice(-1)].filter(Boolean).join(` ${word} `);
}

/** What may be chosen instead, with its leading space: ` There are "a" and "b".`; empty when there is nothing. */
export function thereAre(names: readonly string[]): string {
  if (names.length === 0) return "";
  return ` There ${names.length === 1 ? "is only" : "are"} ${nameList(names, "and")}.`;
}

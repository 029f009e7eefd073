/** The way to a value in the config: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[];

/** A path as people write it: `routes[0].match["changes.kind"]`; empty for the whole file. */
export function showPath(path: Path): string {
  return path.map(showStep).join("").replace(/^\./, "");
}

function showStep(step: string | number): string {
  if (typeof step === "number") return `[${step}]`;
  return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
}

/** Whether a path leads to something inside of what another leads to, or to the same. */
export function isBelow(path: Path, above: Path): boolean {
  return above.every((step, index) => path[index] === step);
}

/** The value at a path inside plain data; `undefined` where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let at = root;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as { readonly [step: string | number]: unknown })[step];
  }
  return at;
}

/** The value as a mapping, or one without entries where it is none. */
export function entriesOf(value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  return Object.entries(value);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ["kb", 1_000],
  ["kib", 1_024],
  ["mb", 1_000_000],
  ["mib", 1_048_576],
]);

/** The bytes in a text such as `1MiB`, `512 KB` or `65536`; `undefined` when it is none. */
export function parseSize(text: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s?([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = unit === undefined ? undefined : UNITS.get(unit.toLowerCase());
  return count === undefined || factor === undefined
    ? undefined
    : Math.floor(Number(count) * factor);
}

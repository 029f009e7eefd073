const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** The milliseconds in a text such as `500ms`, `30s`, `5m`, `2h` or `3d`; `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d+)\s?(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  const unitMs = unit === undefined ? undefined : UNITS_MS.get(unit);
  if (count === undefined || unitMs === undefined) return undefined;
  const milliseconds = Number(count) * unitMs;
  return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
}

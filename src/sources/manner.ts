/** Settings that every type of source has and that do not show in what it tells. */
interface Untold {
  readonly secrets: unknown;
  readonly tolerance: unknown;
}

/** The settings of a source that show in the events and changes that it tells, as one text; without secrets. */
export function mannerOf(settings: Untold): string {
  const { secrets: _secrets, tolerance: _tolerance, ...shown } = settings;
  return JSON.stringify(shown, (_key, value: unknown) =>
    value instanceof Map ? [...(value as ReadonlyMap<string, unknown>)] : value,
  );
}

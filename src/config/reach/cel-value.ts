/** What an expression can come to, over all events of one sort. */
export interface CelValue {
  /** All that it can come to; `null` where that cannot be listed. */
  readonly values: readonly unknown[] | null;
  /** What it never comes to, where `values` is `null`. */
  readonly never: ReadonlySet<unknown>;
  /** Whether evaluating it can fail, such as for a fact that is not there. */
  readonly canFail: boolean;
}

const NONE: ReadonlySet<unknown> = new Set();

/** Anything at all, an error included. */
export const UNKNOWN: CelValue = { values: null, never: NONE, canFail: true };

/** One of some values. */
export function oneOf(values: readonly unknown[], canFail: boolean): CelValue {
  return { values: [...new Set(values)], never: NONE, canFail };
}

/** Whether it can come to a value. */
export function canBe({ values, never }: CelValue, value: unknown): boolean {
  return values === null ? !never.has(value) : values.includes(value);
}

/** What `!` makes of it. */
export function negated(value: CelValue): CelValue {
  return truth(canBe(value, false), canBe(value, true), value.canFail);
}

/** What `&&` makes of both: one that is false outweighs an error in the other. */
export function both(a: CelValue, b: CelValue): CelValue {
  return truth(
    canBe(a, true) && canBe(b, true),
    canBe(a, false) || canBe(b, false),
    a.canFail || b.canFail,
  );
}

/** What `||` makes of both. */
export function either(a: CelValue, b: CelValue): CelValue {
  return negated(both(negated(a), negated(b)));
}

/** What comparing both can come to. */
export function compared(
  a: CelValue,
  b: CelValue,
  holds: (a: unknown, b: unknown) => boolean,
): CelValue {
  const canFail = a.canFail || b.canFail;
  if (a.values === null || b.values === null) return truth(true, true, canFail);
  const others = b.values;
  const results = a.values.flatMap((one) => others.map((other) => holds(one, other)));
  return oneOf(results, canFail);
}

/** Whether both can be the same. */
export function equated(a: CelValue, b: CelValue): CelValue {
  const canFail = a.canFail || b.canFail;
  if (a.values !== null && b.values !== null) return compared(a, b, (one, other) => one === other);
  const [listed, open] = a.values === null ? [b, a] : [a, b];
  return truth(listed.values?.some((one) => canBe(open, one)) ?? true, true, canFail);
}

/** True, false or both. */
export function truth(canBeTrue: boolean, canBeFalse: boolean, canFail: boolean): CelValue {
  return oneOf([...(canBeTrue ? [true] : []), ...(canBeFalse ? [false] : [])], canFail);
}

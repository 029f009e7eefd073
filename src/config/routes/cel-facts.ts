import type { Facts } from "../../core/facts.ts";

type CelFacts = Readonly<Record<string, unknown>>;

/** Facts are converted once for an event, however many routes ask. */
const converted = new WeakMap<Facts, CelFacts>();

/**
 * An event's facts as CEL takes them: whole numbers as `BigInt` (CEL's `int`), keys that hold `null` left out so that
 * `has()` tells them, and a customer or subscription that is not there without any fields.
 */
export function celFacts(facts: Facts): CelFacts {
  const known = converted.get(facts);
  if (known !== undefined) return known;
  const made = convertTop(facts);
  converted.set(facts, made);
  return made;
}

function convertTop({ data, ...facts }: Facts): CelFacts {
  let payload: unknown;
  const made = {
    /** The payload is large and seldom asked for, so it is converted when it is first read. */
    get data() {
      return (payload ??= convert(data));
    },
  };
  return Object.assign(made, convertFields(facts, {}));
}

/** The fields with their values converted; `absent` takes the place of `null`, if it is to have one. */
function convertFields(fields: object, absent?: object): Record<string, unknown> {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const made = value === null || value === undefined ? absent : convert(value);
    if (made !== undefined) kept.push([name, made]);
  }
  return Object.fromEntries(kept);
}

function convert(value: unknown): unknown {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(convert);
  return typeof value === "object" && value !== null ? convertFields(value) : value;
}

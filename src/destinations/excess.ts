import type { Json } from "../core/json.ts";
import type { Excess, Outline } from "../core/outline.ts";

/** The most that a platform takes of the parts of a message; characters but for the two counts. */
export interface MessageLimits {
  /** As messages about the limits call it. */
  readonly platform: string;
  readonly fields: number;
  readonly buttons: number;
  readonly title: number;
  readonly summary: number;
  readonly body: number;
  readonly footer: number;
  readonly fieldLabel: number;
  readonly fieldValue: number;
  readonly buttonLabel: number;
}

/** The parts of a template that go beyond a platform's limits, native structures left out. */
export function messageExcess(outline: Outline, limits: MessageLimits): Excess[] {
  const counts = (["fields", "buttons"] as const).flatMap((part) =>
    tooMany({ place: part, what: part, count: outline[part], most: limits[part] }, limits.platform),
  );
  const texts = [...outline.texts].flatMap(([place, text]) => {
    const isBelowNative = outline.native !== null && !OUTSIDE_NATIVE.test(place);
    const most = isBelowNative ? undefined : limitAt(place, limits);
    return most === undefined ? [] : tooLong(place, text, most, limits.platform);
  });
  return [
    ...(outline.native === null
      ? counts
      : counts.filter(({ place }) => place.startsWith("buttons"))),
    ...texts,
  ];
}

/** What native structures do not take the place of. */
const OUTSIDE_NATIVE = /^(?:summary|footer|buttons)/;

function limitAt(place: string, limits: MessageLimits): number | undefined {
  switch (place.replace(/\[\d+\]/, "")) {
    case "title":
      return limits.title;
    case "summary":
      return limits.summary;
    case "body":
      return limits.body;
    case "footer":
      return limits.footer;
    case "fields.label":
      return limits.fieldLabel;
    case "fields.value":
      return limits.fieldValue;
    case "buttons.label":
      return limits.buttonLabel;
    default:
      return undefined;
  }
}

/** A list and how long it may be. */
interface Counted {
  readonly place: string;
  /** What its elements are called. */
  readonly what: string;
  readonly count: number;
  readonly most: number;
}

/** The excess of a list, at its first element beyond the limit; none when it is within. */
export function tooMany({ place, what, count, most }: Counted, platform: string): Excess[] {
  if (count <= most) return [];
  const message = `In ${platform} there is room for ${most} ${what} here, and these are ${count}: when more than ${most} have something to show, the rest is left out.`;
  return [{ place: `${place}[${most}]`, message }];
}

/** The excess of a text; none when it is within. */
function tooLong(place: string, text: string, most: number, platform: string): Excess[] {
  if (text.length <= most) return [];
  const message = `In ${platform} there is room for ${most} characters here, and these are ${text.length} without any value: the text is cut.`;
  return [{ place, message }];
}

/** The limits of native structures, by the place of a value in the object around it. */
export interface NativeLimits {
  readonly platform: string;
  /** The most characters at a key, told by the object that holds it; `undefined` where there is no limit. */
  chars(holder: Holder, key: string): number | undefined;
  /** The most elements of the list at a key. */
  count(holder: Holder, key: string): number | undefined;
}

/** An object of a native structure, and where it stands. */
export interface Holder {
  readonly value: { readonly [key: string]: Json };
  /** The key that leads to it, those of lists passed on to their elements. */
  readonly key: string;
  /** The object around it. */
  readonly above: Holder | null;
}

/** The parts of a native structure that go beyond a platform's limits. */
export function nativeExcess(
  native: readonly Json[],
  place: string,
  limits: NativeLimits,
): Excess[] {
  return native.flatMap((one, index) =>
    excessIn(one, `${place}[${index}]`, { key: "", above: null }, limits),
  );
}

function excessIn(
  value: Json,
  place: string,
  from: Pick<Holder, "key" | "above">,
  limits: NativeLimits,
): Excess[] {
  if (Array.isArray(value))
    return value.flatMap((one: Json, index) => excessIn(one, `${place}[${index}]`, from, limits));
  if (typeof value !== "object" || value === null) return [];
  const holder: Holder = { value: value as Holder["value"], ...from };
  return Object.entries(value as Holder["value"]).flatMap(([key, child]) => {
    const at = `${place}.${key}`;
    const most = { chars: limits.chars(holder, key), count: limits.count(holder, key) };
    if (typeof child === "string" && most.chars !== undefined)
      return tooLong(at, child, most.chars, limits.platform);
    const many =
      Array.isArray(child) && most.count !== undefined
        ? tooMany({ place: at, what: key, count: child.length, most: most.count }, limits.platform)
        : [];
    return [...many, ...excessIn(child, at, { key, above: holder }, limits)];
  });
}

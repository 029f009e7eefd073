import { z } from "zod";

/** The form that both vendors send today, which is ours already. */
const VENDORS_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

const ISO_8601 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/i;

/** A vendor's time, made UTC without losing a digit. */
export const Instant = z.string().transform((text, context) => {
  const time = utcTime(text);
  if (time !== undefined) return time;
  context.addIssue({ code: "custom", message: "not an ISO 8601 time with a zone" });
  return z.NEVER;
});

/**
 * An ISO 8601 time in UTC with all of its fractional digits, as a `Date` would lose the microseconds;
 * `undefined` for a text without a zone, or that is no time.
 */
export function utcTime(text: string): string | undefined {
  if (VENDORS_FORM.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : text;
  const [, day, clock, fraction, zone] = ISO_8601.exec(text) ?? [];
  if (day === undefined || clock === undefined || zone === undefined) return undefined;
  const seconds = new Date(`${day}T${clock}${zone.length === 5 ? withColon(zone) : zone}`);
  if (Number.isNaN(seconds.getTime())) return undefined;
  return `${seconds.toISOString().slice(0, 19)}${fraction === undefined ? "" : `.${fraction}`}Z`;
}

function withColon(zone: string): string {
  return `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** Below 0 when the first of two times of `utcTime` is the earlier one, 0 when both are the same instant. */
export function compareTimes(a: string, b: string): number {
  const [left, right] = [sortable(a), sortable(b)];
  return left < right ? -1 : Number(left > right);
}

/** Without zone and trailing zeros, a time sorts as text: a missing fraction comes before any other. */
function sortable(time: string): string {
  const digits = time.slice(0, -1);
  return digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
}

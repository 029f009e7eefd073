import { z } from "zod";

/** The form that both vendors send today, which is ours already. */
const VENDORS_FORM = /^(\d{4}-\d\d-\d\d)T(?!24)\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

const ISO_8601 = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)$/i;

/** How many fractional digits are kept: nanoseconds, finer than any vendor's clock. */
const MOST_DIGITS = 9;

/** A vendor's time, made UTC with its microseconds. */
export const Instant = z.string().transform((text, context) => {
  const time = utcTime(text);
  if (time !== undefined) return time;
  context.addIssue({ code: "custom", message: "not an ISO 8601 time with a zone" });
  return z.NEVER;
});

/**
 * An ISO 8601 time in UTC with up to nine fractional digits, as a `Date` would lose the microseconds;
 * `undefined` for a text without a zone, or that is no time of the calendar.
 */
export function utcTime(text: string): string | undefined {
  const [, vendorsDay] = VENDORS_FORM.exec(text) ?? [];
  if (vendorsDay !== undefined)
    return isDay(vendorsDay) && !Number.isNaN(Date.parse(text)) ? text : undefined;
  const [, day, clock, fraction, zone] = ISO_8601.exec(text) ?? [];
  if (day === undefined || clock === undefined || zone === undefined) return undefined;
  const seconds = new Date(`${day}T${clock}${zone.length === 5 ? withColon(zone) : zone}`);
  if (!isDay(day) || Number.isNaN(seconds.getTime())) return undefined;
  const utc = seconds.toISOString();
  // A zone can lead out of the years of four digits.
  if (utc.length !== "2026-11-20T09:14:03.000Z".length) return undefined;
  return `${utc.slice(0, 19)}${fraction === undefined ? "" : `.${fraction.slice(0, MOST_DIGITS)}`}Z`;
}

/** Whether the calendar has the day: `Date` takes 30 February for 2 March, but what no month has it refuses. */
function isDay(day: string): boolean {
  if (day.slice(-2) <= "28") return true;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
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
  if (!time.includes(".")) return time.slice(0, -1);
  let end = time.length - 1;
  while (time[end - 1] === "0") end--;
  return time.slice(0, time[end - 1] === "." ? end - 1 : end);
}

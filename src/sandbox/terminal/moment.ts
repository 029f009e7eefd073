const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const DAY_MS = 86_400_000;

/** A moment taken apart, in UTC, with the words for it. */
export interface Moment {
  readonly year: number;
  /** Two digits. */
  readonly month: string;
  readonly monthName: string;
  readonly day: number;
  readonly weekday: string;
  /** `14:05`. */
  readonly time: string;
  /** `2:05 PM`. */
  readonly time12: string;
  /** Two digits. */
  readonly seconds: string;
}

/** Takes a time in milliseconds since the epoch apart; `undefined` when it is none. */
export function momentOf(atMs: number): Moment | undefined {
  const date = new Date(atMs);
  if (Number.isNaN(date.getTime())) return undefined;
  const [hours, minutes] = [date.getUTCHours(), two(date.getUTCMinutes())];
  return {
    year: date.getUTCFullYear(),
    month: two(date.getUTCMonth() + 1),
    monthName: MONTHS[date.getUTCMonth()] ?? "",
    day: date.getUTCDate(),
    weekday: DAYS[date.getUTCDay()] ?? "",
    time: `${two(hours)}:${minutes}`,
    time12: `${hours % 12 === 0 ? 12 : hours % 12}:${minutes} ${hours < 12 ? "AM" : "PM"}`,
    seconds: two(date.getUTCSeconds()),
  };
}

/** `today`, `yesterday` or `tomorrow`, seen from `nowMs`; `undefined` for every other day. */
export function dayWord(atMs: number, nowMs: number): string | undefined {
  const days = Math.floor(atMs / DAY_MS) - Math.floor(nowMs / DAY_MS);
  return { "-1": "yesterday", "0": "today", "1": "tomorrow" }[String(days)];
}

const UNITS = [
  ["year", 365 * DAY_MS],
  ["month", 30 * DAY_MS],
  ["day", DAY_MS],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

/** How far a time is from `nowMs`, in its largest unit: `2 hours ago`, `in 3 days`. */
export function distance(atMs: number, nowMs: number): string {
  const away = atMs - nowMs;
  const [unit, unitMs] = UNITS.find(([, ms]) => Math.abs(away) >= ms) ?? ["second", 1_000];
  return relative.format(Math.round(away / unitMs), unit);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

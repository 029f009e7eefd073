import type { Header } from "./recipe.ts";

/** The name of what is wrong with the headers of a signature. */
export type Flaw = keyof typeof FLAWS;

type Headers = readonly Header[];

/** What may be wrong with the headers of a signature, the signature first; some are right all the same. */
export const FLAWS = {
  none: (headers: Headers) => headers,
  "upper-case names": (headers: Headers) =>
    headers.map(([name, text]): Header => [name.toUpperCase(), text]),
  "spaces around": value((right) => `  ${right} \t`),
  "junk before": value((right) => `${junk(right)} ${right}`),
  "junk behind": value((right) => `${right} ${junk(right)}`),
  "much junk before": value((right) => `${`${junk(right)} `.repeat(100)}${right}`),
  "one letter off": value((right) => right.replace(/.(?==*$)/, (one) => (one === "0" ? "1" : "0"))),
  cut: value((right) => right.slice(0, -3)),
  longer: value((right) => `${right}A`),
  "other case": value((right) => right.replace(/[a-z](?=[^a-z]*$)/, (one) => one.toUpperCase())),
  "without padding": value((right) => right.replace(/=+$/, "")),
  "alphabet of urls": value((right) => right.replaceAll("+", "-").replaceAll("/", "_")),
  "other version": value((right) => right.replace("v1,", "v2,")),
  "no version": value((right) => right.replace("v1,", "")),
  "not ascii": value((right) => `${right}\u00ff`),
  empty: value(() => ""),
  missing: ([, ...rest]: Headers) => rest,
  "no id": without("webhook-id"),
  "no time": without("webhook-timestamp"),
  "other id": other("webhook-id"),
  "other time": other("webhook-timestamp"),
  "id twice": twice("webhook-id"),
  "time twice": twice("webhook-timestamp"),
  "twice, right first": ([first, ...rest]: Headers) =>
    first === undefined ? [] : [first, [first[0], junk(first[1])] as const, ...rest],
  "twice, right last": ([first, ...rest]: Headers) =>
    first === undefined ? [] : [[first[0], junk(first[1])] as const, first, ...rest],
};

/** How a signed time may be written; from seconds since the epoch. */
export const TIMES = {
  seconds: String,
  "with a sign": (seconds: number) => `+${seconds}`,
  "with a fraction": (seconds: number) => `${seconds}.0`,
  "in hex": (seconds: number) => `0x${seconds.toString(16)}`,
  "in milliseconds": (seconds: number) => `${seconds}000`,
  "as a date": (seconds: number) => new Date(seconds * 1_000).toISOString(),
  "as a word": () => "now",
};

function junk(right: string): string {
  return right.replace(/[A-Za-z0-9]{4}(?=[^,]*$)/, "AAAA");
}

function value(change: (right: string) => string) {
  return ([first, ...rest]: Headers): Headers =>
    first === undefined ? [] : [[first[0], change(first[1])], ...rest];
}

function without(name: string) {
  return (headers: Headers): Headers => headers.filter((header) => header[0] !== name);
}

function other(name: string) {
  return (headers: Headers): Headers =>
    headers.map((header) => (header[0] === name ? [name, `${header[1]}1`] : header));
}

function twice(name: string) {
  return (headers: Headers): Headers =>
    headers.flatMap((header) => (header[0] === name ? [header, header] : [header]));
}

import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { inValue } from "./json-place.ts";

/** Something done to a body; `at` is a place in it, in [0, 1). */
export type BodyChange =
  | { readonly kind: "flip"; readonly at: number; readonly mask: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly base64: string }
  | { readonly kind: "bytes"; readonly base64: string }
  | { readonly kind: "json"; readonly text: string }
  /** Puts JSON in the place of one of the values. */
  | { readonly kind: "value"; readonly at: number; readonly json: string }
  | { readonly kind: "drop"; readonly at: number }
  /** Puts a value that is nested this deep in the place of one of the values. */
  | { readonly kind: "deep"; readonly at: number; readonly levels: number }
  /** Has one of the values many times in a list. */
  | { readonly kind: "many"; readonly at: number; readonly times: number }
  | { readonly kind: "twice"; readonly at: number }
  | { readonly kind: "encode"; readonly as: keyof typeof ENCODINGS }
  /** Fills up with spaces to the limit and this many bytes. */
  | { readonly kind: "size"; readonly beyond: number };

/** The bridge's own `server.body_limit`, in bytes. */
export const BODY_LIMIT = 1_048_576;

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** What a body may arrive as that is not UTF-8. */
const ENCODINGS = {
  "utf-16le": (body: Buffer) => Buffer.from(body.toString(), "utf16le"),
  "utf-16be": (body: Buffer) => Buffer.from(body.toString(), "utf16le").swap16(),
  "utf-16 with a mark": (body: Buffer) => Buffer.from(`\uFEFF${body.toString()}`, "utf16le"),
  "utf-8 with a mark": (body: Buffer) => Buffer.concat([UTF8_BOM, body]),
  "latin-1": (body: Buffer) => Buffer.from(body.toString().replaceAll("a", "é"), "latin1"),
  "lone surrogates": (body: Buffer) => Buffer.from(body.toString().replaceAll("a", "\\ud800")),
  "overlong utf-8": (body: Buffer) =>
    Buffer.from(body.toString("latin1").replaceAll("a", "\xc1\xa1"), "latin1"),
  gzip: (body: Buffer) => gzipSync(body),
  deflate: (body: Buffer) => deflateSync(body),
  brotli: (body: Buffer) => brotliCompressSync(body.subarray(0, 4_096)),
} satisfies Record<string, (body: Buffer) => Buffer>;

/** JSON that few expect, a line each; not all of it is valid. */
const ODD_JSON = `
null
true
0
-1
-0
1e400
1e-400
9007199254740993
NaN
01
""
" "
"\\u0000"
"\\ud800"
"\\udfff\\ud800"
"\u202e\u0007"
[]
{}
[[]]
{"__proto__":{"admin":true}}
{"constructor":{"prototype":{"x":1}}}
{"toString":null}
{"":""}
"2026-13-45T99:99:99Z"
"0000-00-00T00:00:00Z"
"+275761-01-01T00:00:00Z"
"1e3"
"<!channel> @everyone"
"{{constructor}}"
"../../etc/passwd"
"x\\r\\ny: z"
"xoxb-revoked"
"${"x".repeat(10_000)}"
'a'
undefined
{,}
[1,]
// comment
"unterminated
`
  .trim()
  .split("\n");

// Not a double: of those most that fast-check makes are next to 0.
const at = fc.nat({ max: 9_999 }).map((part) => part / 10_000);
const bytes = fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some).toString("base64"));
const encoding = fc.constantFrom(...(Object.keys(ENCODINGS) as (keyof typeof ENCODINGS)[]));
const kind = <K extends string>(name: K) => fc.constant(name);

/** What may be done to a body. */
export const bodyChange: fc.Arbitrary<BodyChange> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: kind("value"), at, json: fc.constantFrom(...ODD_JSON) }),
  },
  { weight: 4, arbitrary: fc.record({ kind: kind("value"), at, json: fc.json({ maxDepth: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: kind("drop"), at }) },
  { weight: 3, arbitrary: fc.record({ kind: kind("twice"), at }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind("flip"), at, mask: fc.integer({ min: 1, max: 255 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: kind("insert"), at, base64: bytes }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("cut"), at }) },
  { weight: 2, arbitrary: fc.record({ kind: kind("encode"), as: encoding }) },
  { weight: 1, arbitrary: fc.record({ kind: kind("bytes"), base64: bytes }) },
  { weight: 1, arbitrary: fc.record({ kind: kind("json"), text: fc.json() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind("deep"), at, levels: fc.integer({ min: 10, max: 20_000 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind("many"), at, times: fc.integer({ min: 2, max: 2_000 }) }),
  },
);

/** A body around the limit of what is taken; apart, since each costs a megabyte. */
export const sizeChange: fc.Arbitrary<BodyChange> = fc.record({
  kind: kind("size"),
  beyond: fc.integer({ min: -3, max: 3 }),
});

/** The body with everything done to it, one after the other. */
export function changed(body: Buffer, changes: readonly BodyChange[]): Buffer {
  return changes.reduce(change, body);
}

function change(body: Buffer, how: BodyChange): Buffer {
  const place = "at" in how ? Math.floor(how.at * body.length) : 0;
  switch (how.kind) {
    case "flip": {
      const flipped = Buffer.from(body);
      if (flipped.length > 0) flipped[place] = (flipped[place] ?? 0) ^ how.mask;
      return flipped;
    }
    case "cut":
      return body.subarray(0, place);
    case "insert":
      return Buffer.concat([
        body.subarray(0, place),
        Buffer.from(how.base64, "base64"),
        body.subarray(place),
      ]);
    case "bytes":
      return Buffer.from(how.base64, "base64");
    case "json":
      return Buffer.from(how.text);
    case "value":
      return inValue(body, how.at, () => how.json);
    case "deep":
      return inValue(body, how.at, () => "[".repeat(how.levels) + "]".repeat(how.levels));
    case "many":
      return inValue(
        body,
        how.at,
        (json) => `[${`${json},`.repeat(timesOf(how.times, json))}${json}]`,
      );
    case "drop":
      return inValue(body, how.at, () => undefined);
    case "twice":
      return inValue(body, how.at, (json, key) => `null,${JSON.stringify(key)}:${json}`);
    case "encode":
      return ENCODINGS[how.as](body);
    case "size":
      return Buffer.concat([
        body,
        Buffer.alloc(Math.max(0, BODY_LIMIT + how.beyond - body.length), " "),
      ]);
  }
}

/** So often that no more than a hundred kilobytes come of it. */
function timesOf(times: number, json: string): number {
  return Math.min(times, Math.ceil(100_000 / json.length));
}

import * as fc from "fast-check";
import { bodyChange, sizeChange } from "./bodies.ts";
import { oddFraming, soundFraming } from "./framing.ts";
import { requestLine, WEBHOOK } from "./request-lines.ts";
import type { Header, Manner, Recipe } from "./recipe.ts";
import { signing } from "./signing.ts";

const CONTENT_TYPES = [
  "application/json; charset=utf-16",
  "application/json; charset=x",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "text/plain",
  "*/*",
  "",
  ";",
  "a/b/c",
  `application/${"x".repeat(500)}`,
];

const anyHeader: fc.Arbitrary<Header> = fc.oneof(
  fc.tuple(fc.constant("content-type"), fc.constantFrom(...CONTENT_TYPES)),
  fc.tuple(fc.constant("content-encoding"), fc.constantFrom("gzip", "br", "identity", "x, y")),
  fc.tuple(
    fc.constantFrom(
      "x-forwarded-for",
      "origin",
      "accept",
      "cookie",
      "range",
      "via",
      "te",
      "trailer",
      "__proto__",
      "constructor",
    ),
    fc.stringMatching(/^[!-~]{0,30}$/),
  ),
  fc.tuple(
    fc.stringMatching(/^x-[!#$%&'*+.^_`|~0-9a-z-]{1,20}$/),
    fc.stringMatching(/^[\t -~\u00a1-\u00ff]{0,60}$/),
  ),
);

const pipelined: fc.Arbitrary<Manner> = fc.constant({ kind: "pipelined" });

const alone: fc.Arbitrary<Manner> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("pieces" as const),
      pieces: fc.integer({ min: 1, max: 12 }),
      pauseMs: fc.constantFrom(0, 0, 1, 10, 40),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("abandoned" as const),
      part: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
      how: fc.constantFrom("closed" as const, "reset" as const),
    }),
  },
);

const usual = {
  source: fc.constantFrom("polar" as const, "plain" as const),
  sample: fc.nat({ max: 99 }),
  changes: fc.array(bodyChange, { maxLength: 3 }),
  signing,
  headers: fc.array(anyHeader, { maxLength: 3 }),
};

/** Every sort of request: most are sound HTTP, so that what they hold is looked at. */
export const recipe: fc.Arbitrary<Recipe> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      ...usual,
      line: fc.constant(WEBHOOK),
      framing: soundFraming,
      manner: pipelined,
    }),
  },
  {
    weight: 15,
    arbitrary: fc.record({ ...usual, line: requestLine, framing: soundFraming, manner: pipelined }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      ...usual,
      line: fc.constant(WEBHOOK),
      framing: oddFraming,
      manner: alone,
    }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ ...usual, line: requestLine, framing: soundFraming, manner: alone }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...usual,
      changes: fc.tuple(sizeChange),
      line: fc.constant(WEBHOOK),
      framing: soundFraming,
      manner: alone,
    }),
  },
);

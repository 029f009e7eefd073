import * as fc from "fast-check";
import { BROKEN, type Broken } from "./broken.ts";
import { CHUNKED, chunks, length, type Unframed, written } from "./http-text.ts";
import { SELDOM, type Seldom } from "./seldom.ts";

/** How the body's length is told, and what is odd about the rest of the request as HTTP. */
export type Framing =
  | { readonly kind: "length" }
  | { readonly kind: "chunked"; readonly sizes: readonly number[]; readonly extras: boolean }
  | { readonly kind: "seldom"; readonly what: Seldom }
  /** A length that is not the body's. */
  | { readonly kind: "shorter" | "longer"; readonly by: number }
  | { readonly kind: "broken"; readonly what: Broken };

/** How a body may be framed soundly, so that others may follow on the connection. */
export const soundFraming: fc.Arbitrary<Framing> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: "length" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("chunked" as const),
      sizes: fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 8 }),
      extras: fc.boolean(),
    }),
  },
);

/** Every other way. */
export const oddFraming: fc.Arbitrary<Framing> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("broken" as const), what: keyOf(BROKEN) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("seldom" as const), what: keyOf(SELDOM) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("shorter" as const, "longer" as const),
      by: fc.integer({ min: 1, max: 400 }),
    }),
  },
);

/** The request as it goes over the wire. */
export function framed(request: Unframed, framing: Framing): Buffer {
  const { body } = request;
  switch (framing.kind) {
    case "length":
      return written(request, [length(body.length)], body);
    case "chunked":
      return written(request, [CHUNKED], chunks(body, framing.sizes, framing.extras));
    case "seldom":
      return SELDOM[framing.what](request);
    case "shorter":
      return written(request, [length(Math.max(0, body.length - framing.by))], body);
    case "longer":
      return written(request, [length(body.length + framing.by)], body);
    case "broken":
      return BROKEN[framing.what](request);
  }
}

/** The body as a server reads it that goes by the framing; `undefined` when it must not read any. */
export function readBody(body: Buffer, framing: Framing): Buffer | undefined {
  if (framing.kind === "shorter") return body.subarray(0, Math.max(0, body.length - framing.by));
  // Without a length there is no body, whatever comes behind.
  if (framing.kind === "broken" && framing.what === "no length") return Buffer.alloc(0);
  return framing.kind === "longer" || framing.kind === "broken" ? undefined : body;
}

function keyOf<K extends string>(table: Readonly<Record<K, unknown>>): fc.Arbitrary<K> {
  return fc.constantFrom(...(Object.keys(table) as K[]));
}

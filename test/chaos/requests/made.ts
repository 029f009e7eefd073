import { BODY_LIMIT, changed } from "./bodies.ts";
import { framed, readBody } from "./framing.ts";
import { isSigned, type Signed } from "./oracle.ts";
import type { Header, Recipe, SourceName } from "./recipe.ts";
import { ATTEMPTED_AT } from "./samples.ts";
import type { Seldom } from "./seldom.ts";
import { type Secrets, signatureHeaders } from "./signing.ts";

/** A request ready to be sent, and what the bridge owes it. */
export interface Made {
  readonly recipe: Recipe;
  readonly wire: Buffer;
  /** What the bridge keeps when it takes it. */
  readonly body: Buffer;
  /** Whether it must be accepted, may be, or must not be. */
  readonly accept: "must" | "may" | "never";
  /** Whether it must be answered at all. */
  readonly isAnswered: boolean;
  /** Whether others may go over the same connection. */
  readonly isSound: boolean;
}

/** What requests are made from. */
export interface Ingredients {
  readonly samples: Readonly<Record<SourceName, readonly string[]>>;
  readonly secrets: Secrets;
}

/** Follows a recipe, signed as of now. */
export function make(recipe: Recipe, { samples, secrets }: Ingredients): Made {
  const { source, signing, framing, manner } = recipe;
  const now = Date.now();
  const own = samples[source];
  const sample = own[recipe.sample % own.length] ?? "";
  const original = Buffer.from(sample.replaceAll(ATTEMPTED_AT, new Date(now).toISOString()));
  const sent = changed(original, recipe.changes);
  const headers: Header[] = [
    ["content-type", "application/json"],
    ...recipe.headers,
    ...signatureHeaders(source, signing, { sent, original }, { now, secrets }),
  ];
  const body = readBody(sent, framing);
  const { method } = recipe.line;
  const signed = body === undefined ? "no" : isSigned(source, headers, body, { now, secrets });
  const wire = framed({ method, target: targetOf(recipe), headers, body: sent }, framing);
  const isTooLarge = (body?.length ?? 0) > BODY_LIMIT;
  return {
    recipe,
    wire,
    body: body ?? sent,
    accept: isTooLarge ? "never" : acceptance(recipe, signed, wire.indexOf("\r\n\r\n")),
    // What asks for a tunnel is hung up on, and what is too large while it is still being sent.
    isAnswered:
      manner.kind !== "abandoned" && body !== undefined && method !== "CONNECT" && !isTooLarge,
    isSound:
      manner.kind === "pipelined" &&
      SOUND_METHODS.has(method) &&
      recipe.line.target.startsWith("/"),
  };
}

/** Methods that a server reads like any other, and whose answers have a body. */
const SOUND_METHODS = new Set(["GET", "POST", "PUT", "DELETE", "PATCH"]);

/** Node takes heads of 16 KiB, and counts more than their bytes. https://nodejs.org/api/http.html#httpmaxheadersize */
const SAFE_HEAD_BYTES = 12_000;

/** Headers that HTTP wants once. */
const REPEATED = new Set<Seldom>(["length twice", "two hosts"]);

function acceptance(
  { line, framing, manner }: Recipe,
  signed: Signed,
  headBytes: number,
): Made["accept"] {
  if (signed === "no" || line.is === "other") return "never";
  const isRepeated = framing.kind === "seldom" && REPEATED.has(framing.what);
  const isLong = headBytes > SAFE_HEAD_BYTES;
  const isDoubtful = signed === "unsure" || line.is === "alike" || isRepeated || isLong;
  return isDoubtful || manner.kind === "abandoned" ? "may" : "must";
}

function targetOf({ line, source }: Recipe): string {
  const encoded = `%${source.charCodeAt(0).toString(16)}${source.slice(1)}`;
  return line.target.replace("{source}", source).replace("{encoded}", encoded);
}

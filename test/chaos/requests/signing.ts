import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { FLAWS, type Flaw, TIMES } from "./flaws.ts";
import type { Header, SourceName } from "./recipe.ts";

/** How a request is signed, or not quite. */
export interface Signing {
  /** Over the body as it is sent, or as it was before it was changed. */
  readonly over: "sent" | "original";
  readonly with: "secret" | "old form of the secret" | "other secret" | "nothing";
  /** How far the signed time is off, in seconds. */
  readonly offBy: number;
  /** How the signed time is written. */
  readonly time: keyof typeof TIMES;
  readonly id: string;
  readonly flaw: Flaw;
}

/** The secrets that the bridge and its sources share. */
export interface Secrets {
  readonly polar: string;
  readonly plain: string;
}

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>) =>
  fc.constantFrom(...(Object.keys(table) as K[]));

/** Most are signed as they should be, so that what they hold is looked at. */
export const signing: fc.Arbitrary<Signing> = fc.record({
  over: mostly("sent" as const, fc.constant("original" as const), 5),
  with: mostly(
    "secret" as const,
    fc.constantFrom("old form of the secret", "other secret", "nothing"),
    6,
  ),
  offBy: mostly(0, fc.constantFrom(-295, 295, -305, 305, -86_400, 86_400, 1e9), 12),
  time: mostly("seconds" as const, keysOf(TIMES), 20),
  id: mostly(fc.uuid(), fc.stringMatching(/^[!-~]([ -~]{0,58}[!-~])?$/), 20),
  flaw: mostly("none" as const, keysOf(FLAWS), 3),
});

/** The headers of the signature. */
export function signatureHeaders(
  source: SourceName,
  how: Signing,
  body: { readonly sent: Buffer; readonly original: Buffer },
  at: { readonly now: number; readonly secrets: Secrets },
): Header[] {
  if (how.with === "nothing") return [];
  const hmac = createHmac("sha256", keyOf(source, how, at.secrets));
  if (source === "plain") {
    const signature = hmac.update(body[how.over]).digest("hex");
    return [...FLAWS[how.flaw]([["plain-request-signature", signature]])];
  }
  const time = TIMES[how.time](Math.floor(at.now / 1_000) + how.offBy);
  hmac.update(`${how.id}.${time}.`).update(body[how.over]);
  const headers: Header[] = [
    ["webhook-signature", `v1,${hmac.digest("base64")}`],
    ["webhook-id", how.id],
    ["webhook-timestamp", time],
  ];
  return [...FLAWS[how.flaw](headers)];
}

function keyOf(source: SourceName, how: Signing, secrets: Secrets): Buffer {
  if (how.with === "other secret") return Buffer.from("somebody else's");
  const secret = secrets[source];
  if (source === "plain" || how.with === "old form of the secret") return Buffer.from(secret);
  return Buffer.from(secret.replace("whsec_", ""), "base64");
}

function mostly<T, U>(
  usual: T | fc.Arbitrary<T>,
  other: fc.Arbitrary<U>,
  weight: number,
): fc.Arbitrary<T | U> {
  const arbitrary = usual instanceof fc.Arbitrary ? usual : fc.constant(usual);
  return fc.oneof({ weight, arbitrary }, { weight: 1, arbitrary: other });
}

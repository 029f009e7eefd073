import type { KeyObject } from "node:crypto";
import type { Secret } from "../../core/secret.ts";
import type { Trust } from "../signature.ts";
import { decodeBase64, hmac, Keys, signingKey } from "../signature.ts";
import type { Verdict, Webhook } from "../source.ts";
import type { PolarConfig } from "./config.ts";

/**
 * Whether Polar signed the webhook, by the Standard Webhooks scheme; never throws.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verify(
  { headers, body }: Webhook,
  now: Date,
  { keys, toleranceMs }: Trust,
): Verdict {
  const id = headers["webhook-id"];
  const timestamp = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (!id || !timestamp || !signatures) return { authentic: false, reason: "missing" };

  const given = signatures.split(" ").filter(isKnownVersion);
  const isSigned = keys.signed(given, (key) => signature(key, id, timestamp, body));
  if (!isSigned || !/^\d+$/.test(timestamp)) return { authentic: false, reason: "mismatch" };
  if (!(Math.abs(now.getTime() - Number(timestamp) * 1_000) <= toleranceMs))
    return { authentic: false, reason: "stale" };
  return { authentic: true, key: id };
}

/** The headers that Polar would send with the body. */
export function sign(
  body: Uint8Array,
  now: Date,
  id: string,
  { secrets }: PolarConfig,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  return {
    "content-type": "application/json",
    "user-agent": "polar.sh webhooks",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signature(likelyKey(secrets[0]), id, timestamp, body),
  };
}

/** What a source with these settings trusts. */
export function trust({ secrets, tolerance }: PolarConfig): Trust {
  return { keys: new Keys(secrets.flatMap(keysOf)), toleranceMs: tolerance };
}

function isKnownVersion(candidate: string): boolean {
  return candidate.startsWith("v1,");
}

function signature(key: KeyObject, id: string, timestamp: string, body: Uint8Array): string {
  return `v1,${hmac(key, `${id}.${timestamp}.`, body).toString("base64")}`;
}

/**
 * Both keys that a secret may stand for, since its shape does not tell which: until 2026-09-08 Polar signed with the
 * text of the whole secret, from then on with the bytes that its base64 part holds.
 * https://github.com/polarsource/polar/pull/14102
 */
function keysOf(secret: Secret): KeyObject[] {
  const decoded = standardKey(secret);
  return decoded === undefined ? [wholeText(secret)] : [wholeText(secret), decoded];
}

/** New secrets hold 32 bytes; a text that happens to decode to fewer or more is an old one. */
function likelyKey(secret: Secret): KeyObject {
  const decoded = standardKey(secret);
  const isNew = secret.reveal().startsWith("whsec_") && decoded?.symmetricKeySize === 32;
  return isNew ? decoded : wholeText(secret);
}

function wholeText(secret: Secret): KeyObject {
  return signingKey(Buffer.from(secret.reveal()));
}

function standardKey(secret: Secret): KeyObject | undefined {
  const bytes = decodeBase64(secret.reveal().replace(/^whsec_/, ""));
  return bytes === undefined ? undefined : signingKey(bytes);
}

import type { KeyObject } from "node:crypto";
import { hash } from "node:crypto";
import type { JsonObject } from "../../core/json.ts";
import type { Secret } from "../../core/secret.ts";
import { readJson } from "../payload.ts";
import type { Trust } from "../signature.ts";
import { hmac, Keys, signingKey } from "../signature.ts";
import type { Verdict, Webhook } from "../source.ts";
import type { PlainConfig } from "./config.ts";
import { Delivery } from "./schema.ts";

/**
 * Whether Plain signed the webhook, and recently; never throws. One without a readable time is authentic all the
 * same, so that it is quarantined and not lost. Of one without an id the key is made of its bytes: the id in the
 * headers is not signed.
 * https://www.plain.com/docs/request-signing
 */
export function verify(
  { headers, body }: Webhook,
  now: Date,
  { keys, toleranceMs }: Trust,
): Verdict {
  const given = headers["plain-request-signature"];
  if (!given) return { authentic: false, reason: "missing" };
  if (!keys.signed([given], (key) => signature(key, body)))
    return { authentic: false, reason: "mismatch" };

  const payload = read(body);
  const delivery = Delivery.safeParse(payload);
  if (delivery.success && !isRecent(delivery.data, now, toleranceMs))
    return { authentic: false, reason: "stale" };
  return { authentic: true, key: idOf(payload) ?? digest(body) };
}

/** The headers that Plain would send with the body; the id is the body's own where it has one. */
export function sign(
  body: Uint8Array,
  id: string,
  { secrets }: PlainConfig,
): Record<string, string> {
  return {
    "content-type": "application/json",
    "user-agent": "Plain-Webhooks/1.0 (plain.com; help@plain.com)",
    "plain-event-id": idOf(read(body)) ?? id,
    "plain-request-signature": signature(keyOf(secrets[0]), body),
  };
}

/** What a source with these settings trusts. */
export function trust({ secrets, tolerance }: PlainConfig): Trust {
  return { keys: new Keys(secrets.map(keyOf)), toleranceMs: tolerance };
}

function keyOf(secret: Secret): KeyObject {
  return signingKey(Buffer.from(secret.reveal()));
}

function signature(key: KeyObject, body: Uint8Array): string {
  return hmac(key, body).toString("hex");
}

function read(body: Uint8Array): JsonObject | undefined {
  try {
    return readJson(body);
  } catch {
    return undefined;
  }
}

function isRecent({ webhookMetadata }: Delivery, now: Date, toleranceMs: number): boolean {
  const attempted = Date.parse(webhookMetadata.webhookDeliveryAttemptTimestamp);
  return Math.abs(now.getTime() - attempted) <= toleranceMs;
}

function idOf(payload: JsonObject | undefined): string | undefined {
  const id = payload?.["id"];
  return typeof id === "string" && id !== "" ? id : undefined;
}

function digest(body: Uint8Array): string {
  return `sha256:${hash("sha256", body, "hex")}`;
}

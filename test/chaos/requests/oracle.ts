import { createHmac } from "node:crypto";
import type { Header, SourceName } from "./recipe.ts";
import type { Secrets } from "./signing.ts";

/** Whether a request is signed: `unsure` where the scheme leaves it to the one who reads. */
export type Signed = "yes" | "no" | "unsure";

/** How far a signed time may be off, in milliseconds: the bridge's own `tolerance`. */
const TOLERANCE_MS = 300_000;

/**
 * Whether a request is signed by its source, worked out from what the two schemes say and from nothing of ours.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * https://www.plain.com/docs/request-signing
 */
export function isSigned(
  source: SourceName,
  headers: readonly Header[],
  body: Buffer,
  at: { readonly now: number; readonly secrets: Secrets },
): Signed {
  return source === "polar"
    ? byStandardWebhooks(headers, body, at.secrets.polar, at.now)
    : byPlain(headers, body, at.secrets.plain, at.now);
}

/** Polar's secret is used as the text that it is, or as the bytes behind `whsec_`. */
function byStandardWebhooks(
  headers: readonly Header[],
  body: Buffer,
  secret: string,
  now: number,
): Signed {
  const id = valueOf(headers, "webhook-id");
  const time = valueOf(headers, "webhook-timestamp");
  const signatures = valueOf(headers, "webhook-signature")?.split(" ") ?? [];
  if (id === undefined || time === undefined || id === "") return "no";
  const keys = [Buffer.from(secret), Buffer.from(secret.slice("whsec_".length), "base64")];
  const message = Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
  const right = keys.map(
    (key) => `v1,${createHmac("sha256", key).update(message).digest("base64")}`,
  );
  if (!signatures.some((one) => right.includes(one))) return "no";
  return /^[0-9]+$/.test(time) && isRecent(Number(time) * 1_000, now) ? "yes" : "no";
}

/** Plain signs no time of its own: the one that counts is in the body, where there is one. */
function byPlain(headers: readonly Header[], body: Buffer, secret: string, now: number): Signed {
  const signature = valueOf(headers, "plain-request-signature");
  if (signature !== createHmac("sha256", secret).update(body).digest("hex")) return "no";
  const time = attemptTimeOf(body);
  if (time === undefined) return "yes";
  if (typeof time !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time))
    return "unsure";
  return isRecent(Date.parse(time), now) ? "yes" : "no";
}

/** Several headers of one name are one, with commas. https://www.rfc-editor.org/rfc/rfc9110#section-5.3 */
function valueOf(headers: readonly Header[], wanted: string): string | undefined {
  const found = headers.filter(([name]) => name.toLowerCase() === wanted);
  if (found.length === 0) return undefined;
  return found.map(([, value]) => value.replaceAll(/^[ \t]+|[ \t]+$/g, "")).join(", ");
}

function attemptTimeOf(body: Buffer): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    const payload = JSON.parse(text) as { webhookMetadata?: Record<string, unknown> } | null;
    return payload?.webhookMetadata?.["webhookDeliveryAttemptTimestamp"];
  } catch {
    return undefined;
  }
}

function isRecent(time: number, now: number): boolean {
  return Math.abs(time - now) <= TOLERANCE_MS;
}

import { readJson } from "../payload.ts";
import { Delivery } from "./schema.ts";

/**
 * The body with the time of its delivery attempt set to now, and every other byte as it was; a body without such a
 * time is returned as it is.
 */
export function refresh(body: Uint8Array, now: Date): Uint8Array {
  const time = now.toISOString();
  // Latin-1 gives every byte a character of its own, whatever the bytes mean.
  const text = Buffer.from(body).toString("latin1");
  for (const match of text.matchAll(/("webhookDeliveryAttemptTimestamp"\s*:\s*")[^"\\]*"/g)) {
    const [whole, start] = match;
    const rest = text.slice(match.index + whole.length);
    const renewed = Buffer.from(`${text.slice(0, match.index)}${start}${time}"${rest}`, "latin1");
    if (attemptTime(renewed) === time) return renewed;
  }
  return body;
}

function attemptTime(body: Uint8Array): string | undefined {
  try {
    return Delivery.safeParse(readJson(body)).data?.webhookMetadata.webhookDeliveryAttemptTimestamp;
  } catch {
    return undefined;
  }
}

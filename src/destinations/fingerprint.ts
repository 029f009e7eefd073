import { createHash } from "node:crypto";

/** A name for a token or webhook address that tells nothing of it: the first 8 hex digits of its SHA-256. */
export function fingerprint(secret: string): string {
  return createHash("sha256").update(secret).digest("hex").slice(0, 8);
}

import type { KeyObject } from "node:crypto";
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

/** What the signatures of a source are held against. */
export interface Trust {
  readonly keys: readonly KeyObject[];
  readonly toleranceMs: number;
}

/** A key made ready once, because that takes Node several times as long as signing a webhook with it. */
export function signingKey(bytes: Uint8Array): KeyObject {
  return createSecretKey(bytes);
}

/** The HMAC-SHA256 of the parts, one after the other, under the key. */
export function hmac(key: KeyObject, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const signer = createHmac("sha256", key);
  for (const part of parts) signer.update(part);
  return signer.digest();
}

/** Whether one of the given signatures equals one of the expected ones, in time that does not tell which. */
export function anyEqual(given: readonly string[], expected: readonly string[]): boolean {
  let found = false;
  for (const one of given) {
    for (const other of expected) found = isEqual(one, other) || found;
  }
  return found;
}

/** Compares the texts themselves, so that no other spelling of the same bytes passes. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * The bytes in a base64 text; `undefined` unless it is canonical, padded and not empty.
 * Node's own decoder skips what is not base64, and could end up with an empty key that anybody can sign with.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : undefined;
}

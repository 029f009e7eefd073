import type { KeyObject } from "node:crypto";
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";

/** What the signatures of a source are held against. */
export interface Trust {
  readonly keys: Keys;
  readonly toleranceMs: number;
}

/** Keys of which any may have signed; the one that last did is tried first, because signing is most of what proving costs. */
export class Keys {
  #keys: readonly KeyObject[];

  constructor(keys: readonly KeyObject[]) {
    this.#keys = keys;
  }

  /** Whether one of the given signatures is what `sign` makes with one of the keys, in time that tells nothing but which key. */
  signed(given: readonly string[], sign: (key: KeyObject) => string): boolean {
    const key = this.#keys.find((one) => anyEqual(given, sign(one)));
    if (key === undefined) return false;
    if (key !== this.#keys[0]) this.#keys = [key, ...this.#keys.filter((one) => one !== key)];
    return true;
  }
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

function anyEqual(given: readonly string[], expected: string): boolean {
  let found = false;
  for (const one of given) found = isEqual(one, expected) || found;
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

import { createHash } from "node:crypto";

const BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** A Slack id that is always the same for the same seed: the prefix and ten capitals and digits. */
export function slackId(prefix: string, seed: string): string {
  const letters = [...digest(seed).subarray(0, 10)].map((byte) => BASE_36[byte % 36]);
  return prefix + letters.join("");
}

/** A Discord snowflake that is always the same for the same seed: 19 digits. */
export function snowflakeOf(seed: string): string {
  return `1${(digest(seed).readBigUInt64BE(0) % 10n ** 18n).toString().padStart(18, "0")}`;
}

/** Letters and digits that are always the same for the same seed, as webhook URLs end in; at most 80. */
export function tokenOf(seed: string, length: number): string {
  return digest(seed).toString("base64").replace(/[+/=]/g, "x").slice(0, length);
}

function digest(seed: string): Buffer {
  return createHash("sha512").update(seed).digest();
}

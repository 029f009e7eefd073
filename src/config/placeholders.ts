import { type Document, isMap, isScalar, isSeq, type Scalar, visit } from "yaml";
import { interpolate, type Surroundings } from "./yaml/interpolate.ts";
import { keyText } from "./yaml/source.ts";

/**
 * Puts something harmless of the right form where a secret, an address or a channel refers to what is not set or empty, so
 * that a config can be read where there are no secrets. Other settings, and mistakes in a reference, stay as they are.
 */
export function fillMissing(document: Document.Parsed, surroundings: Surroundings): void {
  let count = 0;
  visit(document, {
    Pair: (_, pair, ancestors) => {
      const form = FORMS.get(keyText(pair.key) ?? "");
      if (form === undefined) return;
      for (const scalar of scalarsIn(pair.value)) {
        if (!isMissing(scalar, surroundings)) continue;
        count += 1;
        scalar.value = form(platformOf(ancestors.at(-1)), count);
      }
    },
  });
}

/** What stands in for the settings that may refer to the environment; each has its own number, as channels have. */
const FORMS: ReadonlyMap<string, (platform: string, number: number) => string> = new Map([
  ["secrets", (_: string, number: number) => `placeholder-${number}`],
  ["admin_token", () => "placeholder"],
  ["token", (_: string, number: number) => `placeholder-${number}`],
  [
    "channel",
    (platform: string, number: number) =>
      platform === "discord" ? String(DISCORD_ID + BigInt(number)) : `placeholder-${number}`,
  ],
  [
    "webhook",
    (platform: string, number: number) =>
      platform === "discord"
        ? `https://discord.com/api/webhooks/${DISCORD_ID + BigInt(number)}/placeholder`
        : `https://hooks.slack.com/services/T0/B0/placeholder${number}`,
  ],
  ["api_url", () => "https://placeholder.invalid/api"],
  ["store", () => DATABASE_URL],
  ["url", () => DATABASE_URL],
]);

const DATABASE_URL = "postgres://placeholder.invalid/bellhop?sslmode=verify-full";

/** The least id of 18 digits. */
const DISCORD_ID = 100_000_000_000_000_000n;

function scalarsIn(value: unknown): Scalar[] {
  return (isSeq(value) ? value.items : [value]).filter(isScalar);
}

function isMissing({ value }: Scalar, surroundings: Surroundings): boolean {
  if (typeof value !== "string" || !value.includes("${")) return false;
  const { missing, expansions } = interpolate(value, surroundings);
  // A new `.env` names its variables, and leaves them empty.
  const isEmpty = expansions.some((one) => !one.isDefault && one.value.trim() === "");
  const isWellFormed = missing.every(({ reference }) => REFERENCE.test(reference));
  return isWellFormed && (isEmpty || missing.length > 0);
}

const REFERENCE = /^\$\{(?:[A-Za-z_]\w*|file:.*\S.*)\}$/;

function platformOf(holder: unknown): string {
  return isMap(holder) ? String(holder.get("type")) : "";
}

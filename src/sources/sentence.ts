const list = new Intl.ListFormat("en-GB", { type: "conjunction" });

/** The words as a list in a sentence: `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  return list.format(words);
}

/** The text with its first letter in upper case. */
export function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const PROPER_NAMES = [
  [/\bms teams\b/g, "MS Teams"],
  [/\bslack\b/g, "Slack"],
  [/\bdiscord\b/g, "Discord"],
  [/\bgithub\b/g, "GitHub"],
] as const;

/** A vendor's identifier as words: `benefit_grant.revoked` is `Benefit grant revoked`. */
export function inWords(identifier: string): string {
  let words = identifier.replaceAll(/[._]+/g, " ").trim();
  for (const [plain, proper] of PROPER_NAMES) words = words.replaceAll(plain, proper);
  return capitalize(words);
}

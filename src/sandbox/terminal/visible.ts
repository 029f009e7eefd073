/**
 * The text as a screen shows it: without control characters, which could also steer the terminal, without what
 * has no width, and without marks that change the direction of writing. Line breaks stay.
 */
export function visible(text: string): string {
  return text.replace(/\r\n?/g, "\n").replaceAll("\t", "  ").replace(INVISIBLE, "");
}

/**
 * Control and format characters, but not the joiners and tags that make one emoji of several,
 * and not the marks of Arabic and Syriac that are seen.
 */
const INVISIBLE =
  /(?!\u200d|[\n\u200c\u{e0020}-\u{e007f}\u0600-\u0605\u06dd\u070f])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

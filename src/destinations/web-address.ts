/** What may not stand in an address as it is (RFC 3986), and parentheses, which end a link in Markdown. */
const UNSAFE = /[^A-Za-z0-9\-._~:/?#@!$&'*+,;=%]|%(?![0-9A-Fa-f]{2})/gu;

/**
 * The address with everything percent-encoded that could end a link or start another;
 * `null` when it is not http, https or mailto, names a user, or is longer than `maxChars` characters.
 */
export function webAddress(text: string, maxChars: number): string | null {
  const url = URL.parse(text.toWellFormed().trim());
  if (url === null || url.username !== "" || url.password !== "") return null;
  const rest = encode(url.pathname + url.search + url.hash);
  const address = url.protocol === "mailto:" ? `mailto:${rest}` : `${url.origin}${rest}`;
  const isKnown = ["http:", "https:", "mailto:"].includes(url.protocol);
  return isKnown && address.length <= maxChars ? address : null;
}

/** As `webAddress`, without mailto. */
export function pageAddress(text: string, maxChars: number): string | null {
  const address = webAddress(text, maxChars);
  return address === null || address.startsWith("mailto:") ? null : address;
}

/** Whether the address leads to this machine, where tests and the sandbox listen. */
export function isLoopback(url: URL): boolean {
  return (
    url.hostname === "localhost" ||
    url.hostname === "[::1]" ||
    /^127\.\d+\.\d+\.\d+$/.test(url.hostname)
  );
}

function encode(text: string): string {
  return text.replace(UNSAFE, (character) =>
    character === "(" ? "%28" : character === ")" ? "%29" : encodeURIComponent(character),
  );
}

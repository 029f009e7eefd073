const PROTOCOLS = new Set(["http:", "https:", "mailto:"]);

/** A whole http, https or mailto address in its normal form; `null` for anything else. */
export function safeUrl(text: string): string | null {
  const address = text.trim();
  if (!URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return PROTOCOLS.has(protocol) ? href : null;
}

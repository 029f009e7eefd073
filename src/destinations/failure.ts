/** How a call ended that got no answer: the request certainly did not go out, or it may have arrived. */
export type Failure = "unreached" | "timeout" | "lost";

/** The codes of errors that come before a request is sent: name lookup, connecting, TLS. */
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "ENETUNREACH",
  "ENETDOWN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "EPROTO",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "HOSTNAME_MISMATCH",
]);

/** Tells from an error and the causes behind it whether the platform can have seen the request. */
export function failureOf(error: unknown): Failure {
  const errors = causesOf(error);
  if (errors.some(isBeforeSending)) return "unreached";
  const names = errors.map((one) => one.name);
  return names.includes("TimeoutError") || names.includes("AbortError") ? "timeout" : "lost";
}

/** The error and the causes behind it, the outermost first. */
export function causesOf(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && !chain.includes(at); at = at.cause) chain.push(at);
  return chain;
}

function isBeforeSending(error: Error & { code?: unknown; syscall?: unknown }): boolean {
  if (error.syscall === "connect" || error.syscall === "getaddrinfo") return true;
  if (typeof error.code !== "string") return false;
  return BEFORE_SENDING.has(error.code) || /^(CERT_|ERR_TLS_|ERR_SSL_)/.test(error.code);
}

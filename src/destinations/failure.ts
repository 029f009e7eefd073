/** How a call ended that got no answer: the request certainly did not go out, or it may have arrived. */
export type Failure = "unreached" | "timeout" | "lost";

/**
 * The codes of errors that come before a request is sent, and never later: name lookup, connecting, the start of TLS. What
 * the network or TLS may also say of a connection in use, such as `EHOSTUNREACH`, is told by the syscall alone.
 * https://nodejs.org/api/errors.html
 */
const BEFORE_SENDING: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EAI_FAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "HOSTNAME_MISMATCH",
  "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_TLSV1_UNRECOGNIZED_NAME",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
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
  // A host with several addresses, none of which could be connected to; the error itself names no syscall.
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every((one: Error) => isBeforeSending(one));
  if (typeof error.code !== "string") return false;
  return BEFORE_SENDING.has(error.code) || /^(CERT_|ERR_TLS_)/.test(error.code);
}

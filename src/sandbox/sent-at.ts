import type { IncomingHttpHeaders } from "node:http";

/**
 * The header in which a caller may say when it sent a request, in milliseconds since the epoch: on a busy machine it can
 * wait a while to be read, which is then not taken for the caller's mistake.
 */
export const SENT_AT_HEADER = "x-sandbox-sent-at";

/** When a request was sent, in milliseconds since the epoch, where its caller says so. */
export function sentAtOf(headers: IncomingHttpHeaders): number | undefined {
  const told = headers[SENT_AT_HEADER];
  return told === undefined ? undefined : Number(told);
}

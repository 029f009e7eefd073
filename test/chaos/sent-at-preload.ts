import { subscribe } from "node:diagnostics_channel";
import { SENT_AT_HEADER } from "../../src/sandbox/sent-at.ts";

/** A request of undici's, Node's own or the package's, as its diagnostics channel gives it. */
interface Created {
  readonly request: { addHeader(name: string, value: string): void };
}

/**
 * Has this process say in each request when it was sent: `node --import` this. A sandbox on a busy machine reads some
 * of them so late that the 429 which it sent meanwhile seems to be known to the sender.
 * https://undici.nodejs.org/#/docs/api/DiagnosticsChannel
 */
subscribe("undici:request:create", (message) => {
  const { request } = message as Created;
  request.addHeader(SENT_AT_HEADER, String(Date.now()));
});

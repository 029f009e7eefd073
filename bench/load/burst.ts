import autocannon from "autocannon";
import type { SignedWebhook } from "./webhooks.ts";

/** How many connections a burst comes over; ours: as many as a vendor's senders might keep open. */
const CONNECTIONS = 64;

/**
 * Sends webhooks as fast as they are answered and gives back how many were taken a second. They are dealt out to the
 * connections beforehand, so that nothing is made while it is measured. Rejects when one of them is not answered with 2xx.
 */
export async function burst(url: string, webhooks: readonly SignedWebhook[]): Promise<number> {
  const hands = dealt(webhooks);
  const began = performance.now();
  let ended = began;
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>();
  const shooting = autocannon(
    {
      url,
      connections: CONNECTIONS,
      amount: hands.length * (hands[0]?.length ?? 0),
      setupClient: (client) => client.setRequests(hands.pop() ?? []),
    },
    (error, result) => (error ? reject(error) : resolve(result)),
  );
  shooting.on("response", () => (ended = performance.now()));
  const { errors, non2xx, timeouts, requests } = await promise;
  if (errors + non2xx + timeouts > 0)
    throw new Error(`${errors} errors, ${non2xx} other answers than 2xx, ${timeouts} timeouts.`);
  return requests.total / ((ended - began) / 1_000);
}

function dealt(webhooks: readonly SignedWebhook[]): autocannon.Request[][] {
  const each = Math.floor(webhooks.length / CONNECTIONS);
  return Array.from({ length: CONNECTIONS }, (_, connection) =>
    webhooks
      .slice(connection * each, (connection + 1) * each)
      .map(({ path, headers, body }) => ({ method: "POST", path, headers, body })),
  );
}

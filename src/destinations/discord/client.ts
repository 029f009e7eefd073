import type { REST, RESTOptions } from "discord.js";
import { NetworkLimit } from "./outcome.ts";

/** How long a call may take when its signal does not end it sooner, in milliseconds; ours. */
const TIMEOUT_MS = 60_000;

/** The version of Discord's API that the client speaks. */
export const API_VERSION = 10;

/** A client that is loaded with its first use, because that takes a third of a second. */
export function discordClient(api: string): () => Promise<REST> {
  let rest: Promise<REST> | undefined;
  return () => (rest ??= createRest(api));
}

/**
 * Discord's REST client without a gateway. Its retries and its waits are off, since the store owns time;
 * its sweepers are too, since the timers would keep a replaced client in memory.
 */
async function createRest(api: string): Promise<REST> {
  const { DefaultRestOptions, REST } = await import("discord.js");
  return new REST({
    api,
    version: String(API_VERSION),
    retries: 0,
    timeout: TIMEOUT_MS,
    rejectOnRateLimit: () => true,
    hashSweepInterval: 0,
    handlerSweepInterval: 0,
    makeRequest: (url, init) => makeRequest(DefaultRestOptions.makeRequest, url, init),
  });
}

type MakeRequest = RESTOptions["makeRequest"];

/** The client tells a 429 of Discord's from one of the network's in front of it only by the body, which it does not show. */
async function makeRequest(
  request: MakeRequest,
  ...[url, init]: Parameters<MakeRequest>
): ReturnType<MakeRequest> {
  const response = await request(url, init);
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  if (response.status !== 429 || isJson) return response;
  await response.arrayBuffer();
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  throw new NetworkLimit(Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

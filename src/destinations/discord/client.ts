import { AsyncLocalStorage } from "node:async_hooks";
import type { REST, RESTOptions } from "discord.js";
import type { Secret } from "../../core/secret.ts";
import { clockFrom } from "../clock.ts";
import { InCommon } from "../in-common.ts";
import { limitedBy, restOf } from "./limited.ts";
import { type Network, networkOf } from "./network.ts";

/** How long a call may take when its signal does not end it sooner, in milliseconds; ours. */
const TIMEOUT_MS = 60_000;

/** The version of Discord's API that the client speaks. */
export const API_VERSION = 10;

/** Discord's API, called as a bot or by the address of a webhook. */
export interface DiscordClient {
  /** Loads discord.js before the first call. */
  open(): Promise<void>;
  /**
   * Makes a call, which begins at `startedAt`, in milliseconds since the epoch. Rejects with the SDK's errors, or with
   * `Limited` when Discord asked to wait.
   */
  call(startedAt: number, make: (rest: REST) => Promise<unknown>): Promise<Answered>;
}

/** An answer, and how long its bucket asks to rest, in milliseconds. */
export interface Answered {
  readonly answer: unknown;
  readonly restMs: number;
}

/** A client that is loaded with its first use, because that takes a third of a second; webhooks have no token. */
export function discordClient(api: string, token: Secret | null): DiscordClient {
  const caller = token?.reveal() ?? "webhooks";
  const network = networkOf(api);
  const own = callers.of(`${api} ${token?.reveal() ?? ""}`, () => ({}));
  const load = () => (own.rest ??= createRest(api));
  return {
    async open() {
      await load();
    },
    async call(startedAt, make) {
      const rest = await load();
      const obstacle = network.obstacle(caller, startedAt);
      if (obstacle !== undefined) throw obstacle;
      // The client drops its token after a 401, and would never send again.
      if (token !== null) rest.setToken(token.reveal());
      const call: Call = { caller, network, now: clockFrom(startedAt), restMs: 0 };
      const answer = await calls.run(call, () => make(rest));
      return { answer, restMs: call.restMs };
    },
  };
}

/** One client a caller, so that all channels of a bot share what the client knows of the bot's global limit. */
interface Caller {
  rest?: Promise<REST>;
}

const callers = new InCommon<Caller>();

/**
 * Discord's REST client without a gateway. Its retries and its waits are off, since the store owns time; its sweepers are
 * too, since their timers would keep the process busy, and what they sweep is bounded by the channels of the config.
 */
async function createRest(api: string): Promise<REST> {
  const { DefaultRestOptions, REST } = await import("discord.js");
  return new REST({
    api,
    version: String(API_VERSION),
    retries: 0,
    timeout: TIMEOUT_MS,
    rejectOnRateLimit: () => true,
    offset: 0,
    hashSweepInterval: 0,
    handlerSweepInterval: 0,
    makeRequest: (url, init) => makeRequest(DefaultRestOptions.makeRequest, url, init),
  });
}

/** A call under way: the client's methods neither take nor give what its requests need and find. */
interface Call {
  readonly caller: string;
  readonly network: Network;
  /** The bridge's clock. */
  readonly now: () => number;
  restMs: number;
}

const calls = new AsyncLocalStorage<Call>();

type MakeRequest = RESTOptions["makeRequest"];

/** Reads a 429 in the client's place, which takes one from the network in front of Discord for one of Discord's own. */
async function makeRequest(
  request: MakeRequest,
  ...[url, init]: Parameters<MakeRequest>
): ReturnType<MakeRequest> {
  const response = await request(url, init);
  const { headers } = response;
  const limited = response.status === 429 ? limitedBy(headers, await response.text()) : undefined;
  const call = calls.getStore();
  if (call !== undefined) {
    call.network.note(call.caller, response.status, limited, call.now());
    call.restMs = restOf(headers);
  }
  if (limited !== undefined) throw limited;
  return response;
}

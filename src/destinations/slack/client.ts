import { AsyncLocalStorage } from "node:async_hooks";
import type { App, Logger, LogLevel, Receiver, webApi } from "@slack/bolt";
import type { Secret } from "../../core/secret.ts";
import { InCommon } from "../in-common.ts";
import { LimitedWithoutWait } from "./outcome.ts";

/** How long a call may take when its signal does not end it sooner, in milliseconds; ours. */
export const TIMEOUT_MS = 60_000;

/** Slack's Web API, called with one bot's token. */
export interface SlackClient {
  /** Loads Bolt before the first call. */
  open(): Promise<void>;
  /** Makes a call that the signal ends; rejects with the SDK's errors. */
  call<T>(signal: AbortSignal, make: (client: webApi.WebClient) => Promise<T>): Promise<T>;
}

const clients = new InCommon<SlackClient>();

/** The client of a token, which all its channels share; it loads Bolt with its first call, because that takes a fifth of a second. */
export function slackClient(token: Secret, apiUrl: string): SlackClient {
  return clients.of(`${apiUrl} ${token.reveal()}`, () => createClient(token, apiUrl));
}

function createClient(token: Secret, apiUrl: string): SlackClient {
  let app: Promise<App> | undefined;
  const load = () => (app ??= createApp(token, apiUrl));
  return {
    async open() {
      await load();
    },
    async call(signal, make) {
      const { client } = await load();
      return signals.run(signal, () => make(client));
    },
  };
}

/**
 * Bolt's app without a server. Initialization is deferred, since a bad token would otherwise end the process;
 * retries are off, since the store owns time; the options are fresh, since the SDK writes the token into them.
 */
async function createApp(token: Secret, apiUrl: string): Promise<App> {
  const { App } = await import("@slack/bolt");
  return new App({
    token: token.reveal(),
    receiver: noReceiver,
    deferInitialization: true,
    tokenVerificationEnabled: false,
    convoStore: false,
    ignoreSelf: false,
    logger: silence,
    clientOptions: {
      slackApiUrl: `${apiUrl}/`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: TIMEOUT_MS,
      allowAbsoluteUrls: false,
      headers: {},
      fetch: fetchWithSignal,
    },
  });
}

/** The signal of the call under way: the SDK's methods take none. */
const signals = new AsyncLocalStorage<AbortSignal>();

async function fetchWithSignal(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const ends = [init.signal, signals.getStore()].filter(
    (signal) => signal !== undefined && signal !== null,
  );
  const response = await fetch(url, { ...init, signal: AbortSignal.any(ends) });
  if (response.status !== 429 || /^\s*\d/.test(response.headers.get("retry-after") ?? ""))
    return response;
  await response.body?.cancel();
  throw new LimitedWithoutWait();
}

/** Bridges post only: nothing comes in through Bolt. */
const noReceiver: Receiver = {
  init() {},
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

/** The SDK's logs hold whole bodies; outcomes say all that there is to say. */
const silence: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => "error" as LogLevel,
  setName() {},
};

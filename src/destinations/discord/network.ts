import { Wait } from "../wait.ts";
import { Limited, type LimitScope } from "./limited.ts";

/**
 * How many answers 401, 403 and 429 Discord takes from one address of the network, in how many milliseconds, before it
 * refuses everything from there. https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
const INVALID_REQUESTS = { most: 10_000, windowMs: 600_000 } as const;

/** At how many of them to stop; ours: other programs at the same address make some too. */
export const MAX_INVALID = INVALID_REQUESTS.most / 2;

/** The pauses after answers of the network that name no wait, in milliseconds; ours: they double. */
const UNTOLD_WAIT = { firstMs: 1_000, longestMs: 60_000 } as const;

const known = new Map<string, Network>();

/** The way to the server of an API, of which there is one in this process, whoever calls. */
export function networkOf(api: string): Network {
  const { host } = new URL(api);
  const key = /(^|\.)discord(app)?\.com$/.test(host) ? "discord.com" : host;
  const network = known.get(key) ?? new Network();
  known.set(key, network);
  return network;
}

/**
 * What Discord holds against this machine rather than against a bot or channel. discord.js counts invalid requests as
 * well, but also those that do not matter, and by a clock of its own. Times in milliseconds since the epoch.
 */
export class Network {
  readonly #wait = new Wait();
  readonly #waits = new Map<string, Wait>();
  #limitsInARow = 0;
  /** When the last `MAX_INVALID` of them were answered, the oldest first. */
  readonly #invalid: number[] = [];

  /**
   * What to wait for before a call; `undefined` when it may go out. A bot has a global limit of its own, all webhooks that
   * this machine calls share one: `caller` tells them apart.
   */
  obstacle(caller: string, now: number): Limited | undefined {
    const waitMs = Math.max(
      this.#wait.leftMs(now),
      this.#waits.get(caller)?.leftMs(now) ?? 0,
      this.#invalidWaitMs(now),
    );
    return waitMs > 0 ? new Limited("network", Math.ceil(waitMs), true) : undefined;
  }

  /** Takes note of an answer; `limited` is what its 429 asked for. */
  note(caller: string, status: number, limited: Limited | undefined, now: number): void {
    if (isInvalid(status, limited?.scope)) this.#countInvalid(now);
    if (limited?.scope === "network") {
      this.#limitsInARow += 1;
      this.#wait.extend(now + (limited.afterMs ?? this.#untoldWaitMs()));
      return;
    }
    this.#limitsInARow = 0;
    if (limited?.scope !== "global") return;
    const wait = this.#waits.get(caller) ?? new Wait();
    this.#waits.set(caller, wait);
    wait.extend(now + (limited.afterMs ?? UNTOLD_WAIT.firstMs));
  }

  #untoldWaitMs(): number {
    return Math.min(UNTOLD_WAIT.longestMs, UNTOLD_WAIT.firstMs * 2 ** (this.#limitsInARow - 1));
  }

  #countInvalid(now: number): void {
    this.#invalid.push(now);
    if (this.#invalid.length > MAX_INVALID) this.#invalid.shift();
  }

  #invalidWaitMs(now: number): number {
    const [oldest] = this.#invalid;
    if (oldest === undefined || this.#invalid.length < MAX_INVALID) return 0;
    return oldest + INVALID_REQUESTS.windowMs - now;
  }
}

function isInvalid(status: number, scope: LimitScope | undefined): boolean {
  return status === 401 || status === 403 || (status === 429 && scope !== "shared");
}

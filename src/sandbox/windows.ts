import type { LimitScope } from "./limit-scope.ts";
import type { SandboxPlatform } from "./message.ts";

/** By what the windows that a call can fall into are remembered, for each scope that the platform has. */
export type WindowKeys = { readonly [scope in LimitScope]?: string };

/** What a 429 asks for: that nobody comes again inside its scope before the wait is over. */
export interface Ask {
  readonly scope: LimitScope;
  readonly key: string;
  readonly waitMs: number;
}

/** A window that a call came inside of. */
export interface Closed {
  readonly scope: LimitScope;
  /** How long it still lasts, in milliseconds. */
  readonly leftMs: number;
}

interface Window {
  readonly scope: LimitScope;
  readonly until: number;
  readonly connection: object;
  /** By the sandbox's clock, in milliseconds. */
  readonly openedAt: number;
  /** By the machine's own steady clock, which goes on where the sandbox's stands still. */
  readonly openedAtSteady: number;
}

/** A caller may come this much too soon, in milliseconds, since waits are told with three digits of a second. */
const ROUNDING_MS = 1;

/**
 * How long a request may have been under way that its caller sent before the 429 reached it, in milliseconds; ours.
 * One that comes by the connection that carried the 429 was certainly sent later.
 */
const UNDER_WAY_MS = 100;

/** The times that answers with status 429 have asked callers to wait out. */
export class Windows {
  readonly #now: () => number;
  readonly #open = new Map<string, Window>();
  #early = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How many requests came inside a window though their caller could know of it. */
  get early(): number {
    return this.#early;
  }

  /** Opens a window; `connection` is the one that the 429 goes out by. */
  open(platform: SandboxPlatform, { scope, key, waitMs }: Ask, connection: object): void {
    const openedAt = this.#now();
    this.#open.set(`${platform} ${scope} ${key}`, {
      scope,
      until: openedAt + waitMs,
      connection,
      openedAt,
      openedAtSteady: performance.now(),
    });
  }

  /**
   * The window that a request comes inside of, which is then counted; of several, the one that lasts longest. `sentAt` is
   * when it was sent, by the sandbox's clock, where its caller says so.
   */
  enter(
    platform: SandboxPlatform,
    keys: WindowKeys,
    connection: object,
    sentAt?: number,
  ): Closed | undefined {
    const now = this.#now();
    let longest: Window | undefined;
    for (const [scope, key] of Object.entries(keys)) {
      const name = `${platform} ${scope} ${key}`;
      const window = this.#open.get(name);
      if (window === undefined) continue;
      if (now >= window.until - ROUNDING_MS) this.#open.delete(name);
      else if (longest === undefined || window.until > longest.until) longest = window;
    }
    if (longest === undefined) return undefined;
    if (isKnown(longest, connection, now, sentAt)) this.#early += 1;
    return { scope: longest.scope, leftMs: longest.until - now };
  }

  clear(): void {
    this.#open.clear();
    this.#early = 0;
  }
}

function isKnown(
  window: Window,
  connection: object,
  now: number,
  sentAt: number | undefined,
): boolean {
  const wasSentBefore = sentAt !== undefined && sentAt < window.openedAt;
  if (window.connection === connection && !wasSentBefore) return true;
  if (sentAt !== undefined) return sentAt - window.openedAt >= UNDER_WAY_MS;
  const elapsed = Math.max(now - window.openedAt, performance.now() - window.openedAtSteady);
  return elapsed >= UNDER_WAY_MS;
}

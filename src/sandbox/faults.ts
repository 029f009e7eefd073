import type { SandboxPlatform } from "./message.ts";
import type { Schedule } from "./schedule.ts";
import type { LimitScope } from "./limit-scope.ts";

/** What goes wrong with a request; where `taken` is true, the message is taken all the same. */
export type Fault =
  /**
   * The platform's own answer to a caller that is too fast, and from then on to each that comes before the wait is
   * over. `retryAfterMs` is `null` when the answer does not say how long; the scope is Slack's `method` or Discord's
   * `bucket` unless given.
   */
  | {
      readonly kind: "rate_limit";
      readonly retryAfterMs: number | null;
      readonly scope?: LimitScope;
    }
  /** An HTTP status with a body that is not the platform's: the status as text unless given. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly body?: string;
      readonly taken?: boolean;
    }
  /** No answer at all, until the caller or the sandbox gives up. */
  | { readonly kind: "hang"; readonly taken?: boolean }
  /** The connection is reset instead of an answer. */
  | { readonly kind: "reset"; readonly taken: boolean }
  /** The message is taken, and the answer ends in the middle of its body; without a body, before its headers. */
  | { readonly kind: "cut" }
  /** A page of HTML with status 200, as proxies and status pages send. */
  | { readonly kind: "html"; readonly taken?: boolean }
  /** One of the platform's own errors: `is_archived`, 50013. */
  | { readonly kind: "error"; readonly code: string | number; readonly taken?: boolean }
  /** The right answer, late; the message is taken when the answer goes out. */
  | { readonly kind: "slow"; readonly ms: number }
  /** The right answer, its headers at once and its body byte by byte over this time. */
  | { readonly kind: "drip"; readonly ms: number }
  /**
   * The message is not kept: status 500, but 204 as if all were well where a Discord webhook is not asked to wait.
   * https://docs.discord.com/developers/resources/webhook#execute-webhook
   */
  | { readonly kind: "unsaved" };

/** Which requests a fault is for: those that fit every condition given. */
interface FaultMatch {
  /** As in `Call`: `chat.postMessage`, `webhook`, `POST /channels/:id/messages`. */
  readonly call?: string;
  /** The channel's name or id. */
  readonly channel?: string;
}

/** A fault on demand. */
export interface FaultRule {
  readonly platform: SandboxPlatform;
  /** Every request of the platform unless given. */
  readonly match?: FaultMatch;
  readonly fault: Fault;
  /**
   * How many requests it is for, in each span of its schedule; `Infinity` until cleared. Unless given: all of them
   * with `share` or a schedule that ends, else 1.
   */
  readonly count?: number;
  /** How many of the fitting requests it is for, from 0 to 1. The shares of several rules add up. */
  readonly share?: number;
  /** When it is for anything, counted from the moment the rule was added; always unless given. */
  readonly schedule?: Schedule;
}

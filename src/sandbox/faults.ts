import type { Call } from "./call.ts";
import type { SandboxPlatform } from "./message.ts";

/** What goes wrong with a request; where `taken` is true, the message is taken all the same. */
export type Fault =
  /** The platform's own answer to a caller that is too fast. */
  | { readonly kind: "rate_limit"; readonly retryAfterMs: number }
  /** An HTTP status with a body that is not the platform's. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly taken?: boolean;
    }
  /** No answer at all, until the caller or the sandbox gives up. */
  | { readonly kind: "hang"; readonly taken?: boolean }
  /** The connection is reset instead of an answer. */
  | { readonly kind: "reset"; readonly taken: boolean }
  /** The message is taken, and the answer ends in the middle of its body. */
  | { readonly kind: "cut" }
  /** A page of HTML with status 200, as proxies and status pages send. */
  | { readonly kind: "html"; readonly taken?: boolean }
  /** One of the platform's own errors: `is_archived`, 50013. */
  | { readonly kind: "error"; readonly code: string | number }
  /** The right answer, late. */
  | { readonly kind: "slow"; readonly ms: number };

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
  /** How many requests it is for; 1 unless given, `Infinity` until cleared. */
  readonly count?: number;
}

/** The faults that are still to come; the first rule that fits a request is used up first. */
export class Faults {
  #pending: { readonly rule: FaultRule; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#pending.push({ rule, left: rule.count ?? 1 });
  }

  /** The fault for this call, which is then counted; `undefined` when all goes well. */
  take(call: Call): Fault | undefined {
    const pending = this.#pending.find(({ rule, left }) => left > 0 && fits(rule, call));
    if (pending === undefined) return undefined;
    pending.left -= 1;
    return pending.rule.fault;
  }

  clear(): void {
    this.#pending = [];
  }
}

function fits(rule: FaultRule, call: Call): boolean {
  if (rule.platform !== call.platform) return false;
  if (rule.match?.call !== undefined && rule.match.call !== call.name) return false;
  const wanted = rule.match?.channel;
  return wanted === undefined || wanted === call.channel?.id || wanted === call.channel?.name;
}

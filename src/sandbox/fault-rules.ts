import type { Call } from "./call.ts";
import type { Fault, FaultRule } from "./faults.ts";
import type { SandboxPlatform } from "./message.ts";
import { spanAt } from "./schedule.ts";

/** A fault that a request was given. */
export interface GivenFault {
  readonly platform: SandboxPlatform;
  /** The Slack method, `webhook`, or Discord's method and route: `POST /channels/:id/messages`. */
  readonly call: string;
  /** The channel's name or id, where the request named one. */
  readonly channel: string | null;
  readonly fault: Fault;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

interface Pending {
  readonly rule: FaultRule;
  readonly addedAt: number;
  /** The span of the schedule that `left` is for. */
  span: number;
  left: number;
}

/** The faults that are still to come. */
export class FaultRules {
  readonly #now: () => number;
  readonly #random: () => number;
  #pending: Pending[] = [];

  /** `random` gives numbers from 0 up to 1, without 1. */
  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  add(rule: FaultRule): void {
    this.#pending.push({ rule, addedAt: this.#now(), span: 0, left: countOf(rule) });
  }

  /** The fault for this call, by the first rule that is for it, and counted; `undefined` when all goes well. */
  take(call: Call): Fault | undefined {
    // One number for all rules: were each to draw its own, the later ones would get less than their share.
    let drawn: number | undefined;
    for (const pending of this.#pending) {
      if (!fits(pending.rule, call) || !this.#isReady(pending)) continue;
      const { share } = pending.rule;
      if (share !== undefined) {
        drawn ??= this.#random();
        drawn -= share;
        if (drawn >= 0) continue;
      }
      pending.left -= 1;
      return pending.rule.fault;
    }
    return undefined;
  }

  clear(): void {
    this.#pending = [];
  }

  #isReady(pending: Pending): boolean {
    const span = spanAt(pending.rule.schedule ?? {}, this.#now() - pending.addedAt);
    if (span === undefined) return false;
    if (span !== pending.span) {
      pending.span = span;
      pending.left = countOf(pending.rule);
    }
    return pending.left > 0;
  }
}

function countOf({ count, share, schedule }: FaultRule): number {
  return count ?? (share === undefined && schedule?.forMs === undefined ? 1 : Infinity);
}

function fits(rule: FaultRule, call: Call): boolean {
  if (rule.platform !== call.platform) return false;
  if (rule.match?.call !== undefined && rule.match.call !== call.name) return false;
  const wanted = rule.match?.channel;
  return wanted === undefined || wanted === call.channel?.id || wanted === call.channel?.name;
}

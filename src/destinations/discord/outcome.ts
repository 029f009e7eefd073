import type { DiscordAPIError, RateLimitError } from "discord.js";
import type { Outcome, Reason } from "../../core/outcome.ts";
import { causesOf, type Failure, failureOf } from "../failure.ts";
import { ADVICE, DISCORD_ERRORS, type DiscordErrorClass } from "./errors.ts";

/** An answer 429 from the network in front of Discord, which concerns everything that this machine sends. */
export class NetworkLimit extends Error {
  override readonly name = "NetworkLimit";
  /** Milliseconds, where the answer named a wait. */
  readonly afterMs: number | undefined;

  constructor(afterMs: number | undefined) {
    super();
    this.afterMs = afterMs;
  }
}

/** The outcome of an attempt that was stopped before it began. */
export const STOPPED: Outcome = {
  kind: "retry",
  scope: "lane",
  reason: { code: "stopped", text: "The attempt was stopped before it began." },
};

/** What came of an answer that the client took for success; only a message with an id is one. */
export function answeredOutcome(answer: unknown): Outcome {
  const { id, channel_id: channel } = (answer ?? {}) as { id?: unknown; channel_id?: unknown };
  if (typeof id !== "string")
    return unknown("unreadable-answer", "Discord answered, but not with the message.");
  const ref = { channel: typeof channel === "string" ? channel : null, id, url: null };
  return { kind: "delivered", ref };
}

/**
 * What came of a call that failed. The classes of the SDK's errors are told by their fields, so that the SDK
 * need not be loaded for it.
 */
export function failedOutcome(error: unknown): Outcome {
  const network = causesOf(error).find((cause) => cause instanceof NetworkLimit);
  if (network instanceof NetworkLimit) return limited("account", network.afterMs);
  if (isRateLimit(error)) return limited(error.global ? "account" : "lane", error.retryAfter);
  if (isApiError(error)) return refusedOutcome(error);
  const status = (error as { readonly status?: unknown } | null)?.status;
  if (typeof status === "number")
    return unknown(`http-${status}`, `Discord's server failed with ${status}.`);
  return silentOutcome(failureOf(error));
}

/** What came of a call that got no answer. */
function silentOutcome(failure: Failure): Outcome {
  switch (failure) {
    case "unreached":
      return {
        kind: "retry",
        scope: "lane",
        reason: { code: "unreached", text: "Discord could not be reached." },
      };
    case "timeout":
      return unknown("timeout", "Discord did not answer in time.");
    case "lost":
      return unknown("connection-lost", "The connection ended before Discord had answered.");
  }
}

function isRateLimit(error: unknown): error is RateLimitError {
  return error instanceof Error && "timeToReset" in error && "retryAfter" in error;
}

function isApiError(error: unknown): error is DiscordAPIError {
  return error instanceof Error && "rawError" in error;
}

function refusedOutcome(error: DiscordAPIError): Outcome {
  const { status, rawError } = error;
  const code = typeof error.code === "number" ? error.code : undefined;
  const kind = (code === undefined ? undefined : byCode(code, status)) ?? byStatus(status, code);
  const name = code === undefined ? `http-${status}` : String(code);
  const advice = (code === undefined ? undefined : ADVICE.get(code)) ?? WORDS[kind];
  const reason: Reason = { code: name, text: [advice, ...faultsIn(rawError)].join(" ") };
  switch (kind) {
    case "account":
      return { kind: "rejected", scope: "account", reason };
    case "channel":
      return { kind: "rejected", scope: "lane", reason };
    case "message":
      return { kind: "rejected", scope: "message", reason };
    case "retry":
      return { kind: "retry", scope: "lane", reason };
  }
}

/** The code 0 says nothing by itself: only with 401 does it mean the token. */
function byCode(code: number, status: number): DiscordErrorClass | undefined {
  return code === 0 && status !== 401 ? undefined : DISCORD_ERRORS.get(code);
}

/** An answer without a JSON code does not come from Discord's API, but from the network in front of it. */
function byStatus(status: number, code: number | undefined): DiscordErrorClass {
  if (status === 401) return "account";
  if (status === 408 || status === 425) return "retry";
  if (status === 400 || status === 413) return "message";
  if (code === undefined) return "account";
  return status === 403 || status === 404 ? "channel" : "message";
}

const WORDS: { readonly [kind in DiscordErrorClass]: string } = {
  account: "Discord refused the bot.",
  channel: "Discord does not let the message into the channel.",
  message: "Discord refused the message.",
  retry: "Discord cannot take the message now.",
};

/** The paths of what Discord found fault with, and its words for it: never what was sent. */
function faultsIn(raw: unknown): string[] {
  const errors = (raw as { readonly errors?: unknown } | null)?.errors;
  return walk(errors, "").slice(0, 5);
}

function walk(node: unknown, path: string): string[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, child]) =>
    key === "_errors" && Array.isArray(child)
      ? child.map((fault) => faultText(fault, path))
      : walk(child, path === "" ? key : `${path}.${key}`),
  );
}

function faultText(fault: unknown, path: string): string {
  const { code, message } = (fault ?? {}) as { code?: unknown; message?: unknown };
  return `${path}: ${String(message).slice(0, 200)} (${String(code)})`;
}

function limited(scope: "lane" | "account", afterMs: number | undefined): Outcome {
  const reason = { code: "429", text: "Discord asks to post more slowly." };
  return afterMs === undefined || afterMs <= 0
    ? { kind: "retry", scope, reason }
    : { kind: "retry", scope, reason, afterMs };
}

function unknown(code: string, text: string): Outcome {
  return { kind: "unknown", reason: { code, text } };
}

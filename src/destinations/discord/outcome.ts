import type { DiscordAPIError, RateLimitError } from "discord.js";
import type { Outcome, Reason } from "../../core/outcome.ts";
import { type Failure, failureOf } from "../failure.ts";
import type { Answered } from "./client.ts";
import { ADVICE, DISCORD_ERRORS, type DiscordErrorClass, WEBHOOK_GONE } from "./errors.ts";
import { Limited, type LimitScope } from "./limited.ts";

/** What came of an answer that the client took for success; only a message with an id is one. */
export function answeredOutcome({ answer, restMs }: Answered): Outcome {
  const { id, channel_id: channel } = (answer ?? {}) as { id?: unknown; channel_id?: unknown };
  if (typeof id !== "string")
    return unknown("unreadable-answer", "Discord answered, but not with the message.");
  const ref = { channel: typeof channel === "string" ? channel : null, id, url: null };
  return { kind: "delivered", ref, ...(restMs > 0 && { restMs }) };
}

/**
 * What came of a call that failed. The classes of the SDK's errors are told by their fields, so that the SDK
 * need not be loaded for it.
 */
export function failedOutcome(error: unknown): Outcome {
  if (error instanceof Limited) return limitedOutcome(error);
  if (isRateLimit(error)) return heldBack(error);
  if (isApiError(error)) return refusedOutcome(error);
  const status = (error as { readonly status?: unknown } | null)?.status;
  if (typeof status === "number")
    return unknown(`http-${status}`, `Discord's server failed with ${status}.`);
  return silentOutcome(failureOf(error));
}

/**
 * What came of a webhook's call that failed. One that answered 404 must not be called again, whatever its code says.
 * https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
 */
export function webhookOutcome(error: unknown): Outcome {
  if (!isApiError(error) || error.status !== 404 || typeof error.code !== "number")
    return failedOutcome(error);
  const reason = { code: String(error.code), text: WEBHOOK_GONE };
  return { kind: "rejected", scope: "lane", reason, final: true };
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

const LIMIT_SCOPES: { readonly [scope in LimitScope]: "lane" | "account" } = {
  user: "lane",
  shared: "lane",
  global: "account",
  network: "account",
};

const TOO_FAST: Reason = { code: "429", text: "Discord asks to post more slowly." };

function limitedOutcome({ scope, afterMs, isOwn }: Limited): Outcome {
  const more = { ...(afterMs !== undefined && { afterMs }), ...(isOwn && { own: true as const }) };
  return { kind: "retry", scope: LIMIT_SCOPES[scope], reason: TOO_FAST, ...more };
}

/** The client did not make the call, because a limit that it knows of is used up. */
function heldBack({ global, retryAfter }: RateLimitError): Outcome {
  const scope = global ? "account" : "lane";
  return { kind: "retry", scope, reason: TOO_FAST, afterMs: Math.max(1, retryAfter), own: true };
}

function unknown(code: string, text: string): Outcome {
  return { kind: "unknown", reason: { code, text } };
}

import type { webApi } from "@slack/bolt";
import type { Outcome, Reason } from "../../core/outcome.ts";
import { causesOf, type Failure, failureOf } from "../failure.ts";
import { ADVICE, SLACK_ERRORS, SLACK_WEBHOOK_ERRORS, type SlackErrorClass } from "./errors.ts";

/** How long to wait when the workspace's own message limit is used up, in milliseconds; ours. */
export const MESSAGE_LIMIT_WAIT_MS = 300_000;

/** An answer 429 without a valid `Retry-After`, for which the SDK has no class of its own. */
export class LimitedWithoutWait extends Error {
  override readonly name = "LimitedWithoutWait";
}

/** What came of an answer to `chat.postMessage`. */
export function answeredOutcome(answer: webApi.ChatPostMessageResponse): Outcome {
  const { ts, channel } = answer;
  if (typeof ts !== "string")
    return unknown("unreadable-answer", "Slack answered without the message's ts.");
  return { kind: "delivered", ref: { channel: channel ?? null, id: ts, url: null } };
}

/**
 * What came of a call to Slack's Web API that failed. The classes of the SDK's errors are told by their codes,
 * so that the SDK need not be loaded for it.
 */
export function failedOutcome(error: unknown): Outcome {
  const failure = error as Partial<webApi.WebAPIPlatformError> &
    Partial<webApi.WebAPIHTTPError> &
    Partial<webApi.WebAPIRateLimitedError>;
  switch ((error as { readonly code?: unknown } | null)?.code) {
    case "slack_webapi_rate_limited_error":
      return limited("account", failure.retryAfter);
    case "slack_webapi_platform_error":
      return refusedOutcome(failure.data ?? { error: "" });
    case "slack_webapi_http_error":
      return statusOutcome(failure.statusCode ?? 0);
    default:
      if (causesOf(error).some((cause) => cause instanceof LimitedWithoutWait))
        return limited("account", undefined);
      return silentOutcome(failureOf(error));
  }
}

/** What came of an incoming webhook's answer; `retryAfter` is the header's text. */
export function webhookOutcome(status: number, body: string, retryAfter: string | null): Outcome {
  const answer = body.trim();
  if (status === 200 && answer === "ok")
    return { kind: "delivered", ref: { channel: null, id: null, url: null } };
  if (status === 429) return limited("lane", parseSeconds(retryAfter));
  if (status >= 200 && status < 400)
    return unknown("unreadable-answer", `Slack answered ${status}, but not with "ok".`);
  if (status >= 500) return serverError(status);
  const kind = SLACK_WEBHOOK_ERRORS.get(answer) ?? SLACK_ERRORS.get(answer);
  if (kind !== undefined) return classified(kind, answer, []);
  return statusOutcome(status);
}

/** What came of a call that got no answer. */
export function silentOutcome(failure: Failure): Outcome {
  switch (failure) {
    case "unreached":
      return retry("unreached", "Slack could not be reached.");
    case "timeout":
      return unknown("timeout", "Slack did not answer in time.");
    case "lost":
      return unknown("connection-lost", "The connection ended before Slack had answered.");
  }
}

/** The part of an answer `ok: false` that is read. */
interface Refusal {
  readonly error: string;
  readonly needed?: unknown;
  readonly errors?: unknown;
  readonly response_metadata?: {
    readonly messages?: readonly string[];
    readonly retryAfter?: number;
  };
}

function refusedOutcome(refusal: Refusal): Outcome {
  const { error: code } = refusal;
  if (code === "ratelimited" || code === "rate_limited")
    return limited("account", refusal.response_metadata?.retryAfter, code);
  const kind = SLACK_ERRORS.get(code);
  if (kind !== undefined) return classified(kind, code, detailsOf(refusal));
  // An answer that is no JSON arrives with the whole body in the place of the code.
  if (!/^[a-z_]+$/.test(code))
    return unknown("unreadable-answer", "Slack answered with something other than JSON.");
  return classified("message", code, detailsOf(refusal));
}

function classified(kind: SlackErrorClass, code: string, details: readonly string[]): Outcome {
  const advice = ADVICE.get(code) ?? WORDS[kind];
  const reason: Reason = { code, text: [advice, ...details].join(" ") };
  switch (kind) {
    case "account":
      return { kind: "rejected", scope: "account", reason };
    case "channel":
      return { kind: "rejected", scope: "lane", reason };
    case "message":
    case "metadata":
      return { kind: "rejected", scope: "message", reason };
    case "retry":
      return code === "message_limit_exceeded"
        ? { kind: "retry", scope: "account", reason, afterMs: MESSAGE_LIMIT_WAIT_MS }
        : { kind: "retry", scope: "lane", reason };
    case "unknown":
      return { kind: "unknown", reason };
  }
}

const WORDS: { readonly [kind in SlackErrorClass]: string } = {
  account: "Slack refused the app or its token.",
  channel: "Slack does not let the message into the channel.",
  message: "Slack refused the message.",
  retry: "Slack cannot take the message now.",
  unknown: "Slack failed while it took the message.",
  metadata: "Slack refused the message's metadata.",
};

/** Where Slack found fault, as JSON pointers, and the scope that it missed: never what was sent. */
function detailsOf(refusal: Refusal): string[] {
  const needed = typeof refusal.needed === "string" ? [`It needs ${refusal.needed}.`] : [];
  const errors = Array.isArray(refusal.errors) ? refusal.errors : [];
  const messages = refusal.response_metadata?.messages ?? [];
  const faults = [...errors, ...messages].filter((fault) => typeof fault === "string");
  const shown = [...new Set(faults.map((fault) => fault.replace(/^\[\w+\] /, "")))].slice(0, 5);
  return [...needed, ...shown.map((fault) => `${fault.slice(0, 200)}.`)];
}

/** Slack's API answers 200 and 429 only, its webhooks with codes: another 4xx comes from something in between. */
function statusOutcome(status: number): Outcome {
  const reason = { code: `http-${status}`, text: `Slack's server answered ${status}.` };
  if (status >= 500) return serverError(status);
  if (status === 408 || status === 425) return { kind: "retry", scope: "lane", reason };
  if (status === 400 || status === 413) return { kind: "rejected", scope: "message", reason };
  const advice = " Check the address, and any proxy on the way.";
  return {
    kind: "rejected",
    scope: "account",
    reason: { code: reason.code, text: reason.text + advice },
  };
}

function serverError(status: number): Outcome {
  return unknown(`http-${status}`, `Slack's server failed with ${status}.`);
}

const TOO_FAST: Reason = { code: "ratelimited", text: "Slack asks to post more slowly." };

/** `seconds` is Slack's `Retry-After`. */
function limited(
  scope: "lane" | "account",
  seconds: number | undefined,
  code = TOO_FAST.code,
): Outcome {
  const wait = seconds === undefined ? {} : { afterMs: seconds * 1000 };
  return { kind: "retry", scope, reason: { ...TOO_FAST, code }, ...wait };
}

/** The outcome of a message that was not sent, because another channel's 429 had asked the account to wait. */
export function heldBack(afterMs: number): Outcome {
  return { kind: "retry", scope: "account", reason: TOO_FAST, afterMs, own: true };
}

function parseSeconds(header: string | null): number | undefined {
  const seconds = Number.parseInt(header ?? "", 10);
  return Number.isNaN(seconds) || seconds < 0 ? undefined : seconds;
}

function retry(code: string, text: string): Outcome {
  return { kind: "retry", scope: "lane", reason: { code, text } };
}

function unknown(code: string, text: string): Outcome {
  return { kind: "unknown", reason: { code, text } };
}

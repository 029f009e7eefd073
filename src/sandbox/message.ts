import type { JsonObject } from "../core/json.ts";
import type { LimitScope } from "./limit-scope.ts";

/** A platform that the sandbox stands in for. */
export type SandboxPlatform = "slack" | "discord";

/** A message that the sandbox took, as its channel holds it now. */
export interface SandboxMessage {
  readonly platform: SandboxPlatform;
  /** Whether a bot posted it with its token, or an incoming webhook. */
  readonly kind: "bot" | "webhook";
  /** The channel's name where the sandbox knows one, else its id. */
  readonly channel: string;
  /** Slack's `ts`, or Discord's snowflake. */
  readonly id: string;
  /** The body as received, form fields decoded; after an edit, with the edit applied. */
  readonly body: JsonObject;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch. */
  readonly editedAt?: number;
}

/** A request that the sandbox answered with the platform's own error; injected faults are not among them. */
export interface Refusal {
  readonly platform: SandboxPlatform;
  /** The Slack method, `webhook`, or Discord's method and route: `POST /channels/:id/messages`. */
  readonly call: string;
  /** The channel's name or id, where the request named one. */
  readonly channel: string | null;
  /** The HTTP status; Slack refuses with 200. */
  readonly status: number;
  /** The platform's own code: `invalid_blocks`, `50035`; a rate limit is `ratelimited` or `429`. */
  readonly code: string;
  /** What the rate limit was for that it ran into, if it was one. */
  readonly limit?: LimitScope;
  /** What was wrong and where, one thing a line; empty when the code says it all. */
  readonly details: readonly string[];
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

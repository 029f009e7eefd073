import type { IncomingHttpHeaders } from "node:http";
import type { JsonObject } from "../core/json.ts";
import type { Channel } from "./channels.ts";
import type { SandboxPlatform } from "./message.ts";
import type { LimitScope } from "./limit-scope.ts";
import type { Ask, WindowKeys } from "./windows.ts";

/** An HTTP request as a platform sees one, its path without the sandbox's own prefix. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A platform's HTTP answer; an object goes out as JSON, text as plain text unless the headers say otherwise. */
export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  readonly body: JsonObject | readonly JsonObject[] | string;
  /** What a 429 asks its caller to wait out. */
  readonly ask?: Ask;
}

/** How a caller that is too fast is told so. */
export interface Limit {
  /** `null` when the answer does not say how long. */
  readonly retryAfterMs: number | null;
  /** The platform's usual one unless given, or when the platform has no such scope. */
  readonly scope?: LimitScope | undefined;
}

/** A request that was recognized but not yet worked on, so that a fault can come first. */
export interface Call {
  readonly platform: SandboxPlatform;
  /** The Slack method, `webhook`, or Discord's method and route: `POST /channels/:id/messages`. */
  readonly name: string;
  /** The channel, where the request names one. */
  readonly channel: Channel | null;
  readonly windows: WindowKeys;
  /** Works on the request: takes the message, or refuses it. */
  answer(): Answer;
  /** The platform's answer to a caller that is too fast. */
  limited(limit: Limit): Answer;
  /** The platform's answer with one of its own error codes. */
  failed(code: string | number): Answer;
  /** The platform's answer when it cannot keep the message. */
  unsaved(): Answer;
}

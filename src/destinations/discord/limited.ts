/**
 * Whom an answer 429 is for: the channel or webhook (`user`, or `shared` with everybody who uses it), the bot (`global`),
 * or, from the network in front of Discord, everything that this machine sends.
 * https://docs.discord.com/developers/topics/rate-limits#header-format
 */
export type LimitScope = "user" | "shared" | "global" | "network";

/** An answer 429, or a pause before a call that keeps it from becoming one. */
export class Limited extends Error {
  override readonly name = "Limited";
  readonly scope: LimitScope;
  /** Milliseconds, where a wait was named. */
  readonly afterMs: number | undefined;
  /** Whether the call was not made at all. */
  readonly isOwn: boolean;

  constructor(scope: LimitScope, afterMs: number | undefined, isOwn = false) {
    super();
    this.scope = scope;
    this.afterMs = afterMs;
    this.isOwn = isOwn;
  }
}

/** What an answer 429 asks for; only Discord itself answers in JSON. The wait is in the header, or else in the body. */
export function limitedBy(headers: Headers, body: string): Limited {
  const isJson = headers.get("content-type")?.startsWith("application/json") === true;
  const told = isJson ? read(body) : {};
  const afterMs = milliseconds(headers.get("retry-after")) ?? milliseconds(told.retry_after);
  if (!isJson) return new Limited("network", afterMs);
  const scope = headers.get("x-ratelimit-scope");
  if (told.global === true || headers.has("x-ratelimit-global") || scope === "global")
    return new Limited("global", afterMs);
  return new Limited(scope === "shared" ? "shared" : "user", afterMs);
}

/** How long the bucket of an answer is empty, in milliseconds; 0 while it has calls left. */
export function restOf(headers: Headers): number {
  if (headers.get("x-ratelimit-remaining") !== "0") return 0;
  return (milliseconds(headers.get("x-ratelimit-reset-after")) ?? 0) + MARGIN_MS;
}

/** What to add to a bucket's rest for clocks that run unevenly, in milliseconds; ours. */
const MARGIN_MS = 50;

function read(body: string): { readonly retry_after?: unknown; readonly global?: unknown } {
  try {
    const told: unknown = JSON.parse(body);
    return typeof told === "object" && told !== null ? told : {};
  } catch {
    return {};
  }
}

function milliseconds(seconds: unknown): number | undefined {
  if (seconds === null || seconds === undefined || seconds === "") return undefined;
  const ms = Math.ceil(Number(seconds) * 1000);
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

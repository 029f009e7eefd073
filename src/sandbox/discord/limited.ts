import type { Answer, Limit } from "../call.ts";
import { snowflakeOf } from "../ids.ts";
import type { Allowance } from "../limits.ts";
import type { WindowKeys } from "../windows.ts";
import type { DiscordProblem } from "./problem.ts";

/** A request as rate limits see it. */
export interface Limited {
  readonly now: number;
  /** The route's name, by which its bucket is known; `null` for a path without a route. */
  readonly route: string | null;
  /** How many calls the bucket allows in a window. */
  readonly callsPer: number;
  readonly windows: WindowKeys;
}

type Headers = { readonly [name: string]: string };

/** The headers that tell what a bucket still allows. https://docs.discord.com/developers/topics/rate-limits#header-format */
export function limitHeaders(now: number, route: string, allowance: Allowance): Headers {
  const { limit, remaining, resetAfterMs } = allowance;
  return {
    "x-ratelimit-limit": String(limit),
    "x-ratelimit-remaining": String(remaining),
    "x-ratelimit-reset": ((now + resetAfterMs) / 1_000).toFixed(3),
    "x-ratelimit-reset-after": (resetAfterMs / 1_000).toFixed(3),
    "x-ratelimit-bucket": snowflakeOf(`discord bucket ${route}`),
  };
}

/**
 * Discord's answer with status 429: JSON with the wait and, for a bucket, its headers; for the whole network a page of
 * Cloudflare's. The problem is
 * Discord's own, where the limit has one.
 * https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
 */
export function limited(
  request: Limited,
  { retryAfterMs, scope = "bucket" }: Limit,
  problem?: Pick<DiscordProblem, "code" | "message">,
): Answer {
  const key = request.windows[scope];
  if (key === undefined && scope !== "bucket") return limited(request, { retryAfterMs }, problem);
  const ask =
    retryAfterMs === null || key === undefined ? undefined : { scope, key, waitMs: retryAfterMs };
  const asking = ask === undefined ? {} : { ask };
  const wait: Headers =
    retryAfterMs === null ? {} : { "retry-after": String(Math.ceil(retryAfterMs / 1_000)) };
  if (scope === "network") return { status: 429, ...cloudflare(wait, request.now), ...asking };
  const isGlobal = scope === "global";
  const headers = {
    ...wait,
    ...(isGlobal ? { "x-ratelimit-global": "true" } : bucketHeaders(request, retryAfterMs)),
    "x-ratelimit-scope": scope === "bucket" ? "user" : scope,
  };
  const seconds = retryAfterMs === null ? {} : { retry_after: retryAfterMs / 1_000 };
  const { code, message = "You are being rate limited." } = problem ?? {};
  const own = code === undefined ? {} : { code };
  const body = { message, ...own, ...seconds, global: isGlobal };
  return { status: 429, headers, body, ...asking };
}

function bucketHeaders({ now, route, callsPer }: Limited, retryAfterMs: number | null): Headers {
  if (route === null || retryAfterMs === null) return {};
  const used = { passes: false, limit: callsPer, remaining: 0, resetAfterMs: retryAfterMs };
  return limitHeaders(now, route, used);
}

/** What stands in front of Discord answers before Discord has seen the request. */
function cloudflare(wait: Headers, now: number): Pick<Answer, "headers" | "body"> {
  const ray = `${BigInt(snowflakeOf(`ray ${now}`)).toString(16)}-FRA`;
  const headers = {
    ...wait,
    "content-type": "text/html; charset=UTF-8",
    server: "cloudflare",
    "cf-ray": ray,
  };
  const body = `<!DOCTYPE html>
<html lang="en-US">
<head><title>Access denied | discord.com used Cloudflare to restrict access</title></head>
<body><h1>Error 1015</h1><p>Ray ID: ${ray}</p><h2>You are being rate limited</h2></body>
</html>
`;
  return { headers, body };
}

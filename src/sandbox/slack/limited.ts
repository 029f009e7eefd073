import type { Answer, Limit } from "../call.ts";

/**
 * What a 429 of Slack's tells of the wait, in whole seconds; nothing when it does not say how long.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
export function waiting(key: string, { retryAfterMs }: Limit): Pick<Answer, "headers" | "ask"> {
  if (retryAfterMs === null) return {};
  const seconds = Math.ceil(retryAfterMs / 1_000);
  const ask = { scope: "method", key, waitMs: seconds * 1_000 } as const;
  return { headers: { "retry-after": String(seconds) }, ask };
}

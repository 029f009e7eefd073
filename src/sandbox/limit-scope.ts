/**
 * What a rate limit is for. Slack: `method`, one method with one token, or one webhook. Discord: `bucket`, one route in
 * one channel for one bot or webhook; `shared`, the same for everybody; `global`, all that a bot does, or all webhooks of
 * this machine; `network`, all that this machine does.
 * https://docs.slack.dev/apis/web-api/rate-limits, https://docs.discord.com/developers/topics/rate-limits
 */
export type LimitScope = "method" | "bucket" | "shared" | "global" | "network";

import { Channels, type Channel } from "../channels.ts";
import { slackId, tokenOf } from "../ids.ts";
import type { Entry, Ledger } from "../ledger.ts";
import { SteadyLimit } from "../limits.ts";

/** The one team of the sandbox. */
export const TEAM = { id: "T0SANDBOX", name: "Sandbox", domain: "sandbox" } as const;

/** Who calls: the bot behind a token. */
export interface Caller {
  readonly userId: string;
  readonly botId: string;
}

/** An incoming webhook and the channel it is bound to. */
export interface SlackWebhook {
  readonly botId: string;
  readonly path: string;
  readonly channelId: string;
}

/** How fast callers may be: not at all limited, with short bursts, or without. */
export type Pace = "off" | "burst" | "strict";

/**
 * How many messages may come at once in a channel that was quiet; ours, since Slack says only that short bursts pass.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
const BURST = 5;

/** How unevenly the calls of a caller who keeps the pace may arrive, in milliseconds; ours. */
const LEEWAY_MS = 50;

/** What the Slack side of the sandbox remembers. */
export class Workspace {
  readonly channels = new Channels(isChannelId, (name) => slackId("C", `slack channel ${name}`));
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly #pace: Pace;
  readonly #posting: SteadyLimit;
  readonly #tiers = new Map<number, SteadyLimit>();
  readonly #webhooks = new Map<string, SlackWebhook>();
  #lastTs = 0;

  constructor(ledger: Ledger, now: () => number, pace: Pace) {
    this.ledger = ledger;
    this.now = now;
    this.#pace = pace;
    this.#posting = new SteadyLimit(1_000, pace === "strict" ? 1 : BURST, LEEWAY_MS);
  }

  /** A new message's `ts`: seconds with six digits after the point, later than every other one. */
  nextTs(): string {
    this.#lastTs = Math.max(Math.floor(this.now() * 1_000), this.#lastTs + 1);
    return `${Math.floor(this.#lastTs / 1e6)}.${String(this.#lastTs % 1e6).padStart(6, "0")}`;
  }

  /** The webhook of a channel, made at the first call; its path is always the same for the same name. */
  webhook(channelName: string): SlackWebhook {
    const channel = this.channels.get(channelName);
    const botId = slackId("B", `slack webhook ${channelName}`);
    const path = `/services/${TEAM.id}/${botId}/${tokenOf(`slack webhook ${channelName}`, 24)}`;
    const webhook = { botId, path, channelId: channel.id };
    this.#webhooks.set(path, webhook);
    return webhook;
  }

  webhookAt(path: string): SlackWebhook | undefined {
    return this.#webhooks.get(path);
  }

  removeWebhook(path: string): void {
    this.#webhooks.delete(path);
  }

  /** How long a message to this channel has to wait, in milliseconds. */
  postingWaitMs(channelId: string): number {
    return this.#pace === "off" ? 0 : this.#posting.take(channelId, this.now());
  }

  /** How long a call of a method with a token has to wait, so many of which may come a minute, in milliseconds. */
  methodWaitMs(call: string, perMinute: number): number {
    if (this.#pace === "off") return 0;
    const tier = this.#tiers.get(perMinute) ?? new SteadyLimit(60_000 / perMinute, perMinute);
    this.#tiers.set(perMinute, tier);
    return tier.take(call, this.now());
  }

  /** The messages of a channel, the oldest first. */
  history(channel: Channel): readonly Entry[] {
    return this.ledger.inChannel("slack", channel.id);
  }

  clear(): void {
    this.#posting.clear();
    this.#tiers.clear();
  }
}

/** The bot behind a token: always the same for the same token. */
export function callerOf(token: string): Caller {
  return { userId: slackId("U", token), botId: slackId("B", token) };
}

function isChannelId(text: string): boolean {
  return /^[CGD][A-Z0-9]{6,}$/.test(text);
}

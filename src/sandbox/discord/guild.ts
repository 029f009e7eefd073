import { Channels, type Channel } from "../channels.ts";
import { snowflakeOf, tokenOf } from "../ids.ts";
import type { Entry, Ledger } from "../ledger.ts";
import { WindowLimit, type Allowance } from "../limits.ts";

/** The one guild of the sandbox. */
export const GUILD_ID = snowflakeOf("discord guild");

/** An incoming webhook and the channel it is bound to. */
export interface DiscordWebhook {
  readonly id: string;
  readonly token: string;
  readonly channelId: string;
}

/** Discord's epoch, 2015-01-01, in milliseconds. https://docs.discord.com/developers/reference#snowflakes */
const EPOCH_MS = 1_420_070_400_000;

/**
 * How long a nonce is remembered, in milliseconds. Discord says "the past few minutes"; the figure is ours.
 * https://docs.discord.com/developers/resources/message#create-message
 */
const NONCE_MS = 180_000;

/**
 * Calls per window and window in milliseconds; Discord publishes only the last, the others are often seen.
 * https://docs.discord.com/developers/topics/rate-limits
 */
const PACES = {
  channel: [5, 5_000],
  webhook: [5, 2_000],
  other: [50, 1_000],
  global: [50, 1_000],
} as const;

/** A bucket of Discord's rate limits; each major parameter (channel, webhook) has its own. */
export type Bucket = Exclude<keyof typeof PACES, "global">;

/** Requests of webhooks, and those that nobody is known by, count for the machine that they come from. */
export const THIS_MACHINE = "this machine";

/** What the Discord side of the sandbox remembers. */
export class Guild {
  readonly channels = new Channels(
    (text) => /^\d+$/.test(text),
    (name) => snowflakeOf(`discord channel ${name}`),
  );
  readonly ledger: Ledger;
  readonly now: () => number;
  readonly #isLimited: boolean;
  readonly #isOneMachine: boolean;
  readonly #limits = {
    channel: new WindowLimit(...PACES.channel),
    webhook: new WindowLimit(...PACES.webhook),
    other: new WindowLimit(...PACES.other),
    global: new WindowLimit(...PACES.global),
  };
  readonly #webhooks = new Map<string, DiscordWebhook>();
  readonly #nonces = new Map<string, { readonly entry: Entry; readonly at: number }>();
  #lastId = 0n;

  constructor(
    ledger: Ledger,
    now: () => number,
    { isLimited, isOneMachine }: { readonly isLimited: boolean; readonly isOneMachine: boolean },
  ) {
    this.ledger = ledger;
    this.now = now;
    this.#isLimited = isLimited;
    this.#isOneMachine = isOneMachine;
  }

  /** A new message's snowflake, larger than every other one. */
  nextId(): string {
    const fromTime = BigInt(Math.max(0, Math.floor(this.now()) - EPOCH_MS)) << 22n;
    this.#lastId = fromTime > this.#lastId ? fromTime : this.#lastId + 1n;
    return String(this.#lastId);
  }

  /** The webhook of a channel, made at the first call; always the same for the same name. */
  webhook(channelName: string): DiscordWebhook {
    const seed = `discord webhook ${channelName}`;
    const { id: channelId } = this.channels.get(channelName);
    const webhook = { id: snowflakeOf(seed), token: tokenOf(seed, 68), channelId };
    this.#webhooks.set(webhook.id, webhook);
    return webhook;
  }

  webhookWith(id: string): DiscordWebhook | undefined {
    return this.#webhooks.get(id);
  }

  removeWebhook(id: string): void {
    this.#webhooks.delete(id);
  }

  history(channel: Channel): readonly Entry[] {
    return this.ledger.inChannel("discord", channel.id);
  }

  /** The message that the author posted with this nonce in the past few minutes. */
  withNonce(author: string, nonce: string): Entry | undefined {
    const found = this.#nonces.get(`${author} ${nonce}`);
    if (found === undefined || this.now() - found.at > NONCE_MS) return undefined;
    const { channelId, message } = found.entry;
    return this.ledger.find("discord", channelId, message.id);
  }

  rememberNonce(author: string, nonce: string, entry: Entry): void {
    for (const [key, { at }] of this.#nonces) {
      if (this.now() - at <= NONCE_MS) break;
      this.#nonces.delete(key);
    }
    // Anew at the end, so that the oldest always come first.
    this.#nonces.delete(`${author} ${nonce}`);
    this.#nonces.set(`${author} ${nonce}`, { entry, at: this.now() });
  }

  /** The calls per window of a bucket. */
  callsPer(bucket: Bucket): number {
    return PACES[bucket][0];
  }

  /** Counts a call in its bucket; `undefined` when calls are not limited. */
  count(bucket: Bucket, key: string): Allowance | undefined {
    return this.#isLimited ? this.#limits[bucket].take(key, this.now()) : undefined;
  }

  /** Counts a call of a bot, or of this machine where there is none; `undefined` when such calls are not limited. */
  countGlobally(author: string): Allowance | undefined {
    if (!this.#isLimited || (author === THIS_MACHINE && !this.#isOneMachine)) return undefined;
    return this.#limits.global.take(author, this.now());
  }

  clear(): void {
    for (const limit of Object.values(this.#limits)) limit.clear();
    this.#nonces.clear();
  }
}

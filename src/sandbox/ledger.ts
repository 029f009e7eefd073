import { Line } from "./line.ts";
import type { Refusal, SandboxMessage, SandboxPlatform } from "./message.ts";

/** A message with what the platforms need to know of it and the reader does not. */
export interface Entry {
  readonly channelId: string;
  /** Who may edit it: the bot's or webhook's id. */
  readonly author: string;
  readonly message: SandboxMessage;
}

/** Hears of each message that is posted or edited. */
export type MessageListener = (message: SandboxMessage) => void;

/** Hears of each request that is refused. */
export type RefusalListener = (refusal: Refusal) => void;

/** What the sandbox took and refused, in the order it happened. */
export class Ledger {
  readonly #keep: number;
  readonly #entries = new Line<Entry>();
  readonly #channels = new Map<string, Line<Entry>>();
  /** The messages of the entries, in the same places. */
  #messages: SandboxMessage[] = [];
  #refused: Refusal[] = [];
  readonly #listeners = new Set<MessageListener>();
  readonly #refusalListeners = new Set<RefusalListener>();
  #requests = 0;

  /** Keeps so many messages and so many refusals, the newest. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  get messages(): readonly SandboxMessage[] {
    return this.#messages;
  }

  get refused(): readonly Refusal[] {
    return this.#refused;
  }

  get requests(): number {
    return this.#requests;
  }

  countRequest(): void {
    this.#requests += 1;
  }

  refuse(refusal: Refusal): void {
    this.#refused.push(refusal);
    if (this.#refused.length > this.#keep) this.#refused.shift();
    for (const listener of this.#refusalListeners) listener(refusal);
  }

  post(entry: Entry): void {
    this.#entries.add(keyOf(entry), entry);
    this.#messages.push(entry.message);
    this.#lineOf(entry).add(entry.message.id, entry);
    if (this.#messages.length > this.#keep) this.#dropOldest();
    this.#tell(entry.message);
  }

  /** Puts the edited message in the place of the one it was made from. */
  edit(entry: Entry, message: SandboxMessage): Entry {
    const edited = { ...entry, message };
    const place = this.#entries.replace(keyOf(entry), edited);
    this.#messages[place] = message;
    this.#lineOf(entry).replace(message.id, edited);
    this.#tell(message);
    return edited;
  }

  /** The messages in a platform's channel, the oldest first. */
  inChannel(platform: SandboxPlatform, channelId: string): readonly Entry[] {
    return this.#channels.get(`${platform} ${channelId}`)?.items ?? [];
  }

  find(platform: SandboxPlatform, channelId: string, id: string): Entry | undefined {
    return this.#channels.get(`${platform} ${channelId}`)?.find(id);
  }

  /** Calls the listener from now on; gives back what ends that. */
  onMessage(listener: MessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the listener from now on; gives back what ends that. */
  onRefused(listener: RefusalListener): () => void {
    this.#refusalListeners.add(listener);
    return () => this.#refusalListeners.delete(listener);
  }

  clear(): void {
    this.#entries.clear();
    this.#channels.clear();
    this.#messages = [];
    this.#refused = [];
    this.#requests = 0;
  }

  #lineOf({ channelId, message }: Entry): Line<Entry> {
    const key = `${message.platform} ${channelId}`;
    const line = this.#channels.get(key) ?? new Line<Entry>();
    this.#channels.set(key, line);
    return line;
  }

  #dropOldest(): void {
    const [oldest] = this.#entries.items;
    if (oldest === undefined) return;
    this.#entries.drop(keyOf(oldest));
    this.#messages.shift();
    this.#lineOf(oldest).drop(oldest.message.id);
  }

  #tell(message: SandboxMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}

function keyOf({ message }: Entry): string {
  return `${message.platform} ${message.id}`;
}

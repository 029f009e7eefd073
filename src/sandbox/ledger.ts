import type { Refusal, SandboxMessage } from "./message.ts";

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
  #entries: Entry[] = [];
  #messages: SandboxMessage[] = [];
  #refused: Refusal[] = [];
  readonly #listeners = new Set<MessageListener>();
  readonly #refusalListeners = new Set<RefusalListener>();
  #requests = 0;

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
    for (const listener of this.#refusalListeners) listener(refusal);
  }

  post(entry: Entry): void {
    this.#entries.push(entry);
    this.#messages.push(entry.message);
    this.#tell(entry.message);
  }

  /** Puts the edited message in the place of the one it was made from. */
  edit(entry: Entry, message: SandboxMessage): Entry {
    const at = this.#entries.indexOf(entry);
    const edited = { ...entry, message };
    this.#entries[at] = edited;
    this.#messages[at] = message;
    this.#tell(message);
    return edited;
  }

  /** The messages in a platform's channel, the oldest first. */
  inChannel(platform: SandboxMessage["platform"], channelId: string): Entry[] {
    return this.#entries.filter(
      (entry) => entry.channelId === channelId && entry.message.platform === platform,
    );
  }

  find(platform: SandboxMessage["platform"], channelId: string, id: string): Entry | undefined {
    return this.inChannel(platform, channelId).find((entry) => entry.message.id === id);
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
    this.#entries = [];
    this.#messages = [];
    this.#refused = [];
    this.#requests = 0;
  }

  #tell(message: SandboxMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}

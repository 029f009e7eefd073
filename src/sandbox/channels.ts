import type { SandboxPlatform } from "./message.ts";

/** What is the matter with a channel; `open` takes messages. */
export type ChannelState = "open" | "archived" | "missing" | "not_in_channel" | "read_only";

/** A channel that the sandbox should know by name, or in a state of its own; give an id, a name or both. */
export interface ChannelSeed {
  readonly platform: SandboxPlatform;
  readonly id?: string;
  readonly name?: string;
  /** `open` unless given. */
  readonly state?: ChannelState;
}

/** A channel of one platform. */
export interface Channel {
  readonly id: string;
  readonly name: string | null;
  readonly state: ChannelState;
}

/** The channels of one platform: each one that anybody names exists, unless its state says otherwise. */
export class Channels {
  readonly #byId = new Map<string, Channel>();
  readonly #isId: (text: string) => boolean;
  readonly #idOf: (name: string) => string;

  constructor(isId: (text: string) => boolean, idOf: (name: string) => string) {
    this.#isId = isId;
    this.#idOf = idOf;
  }

  /** The channel with this id or name. */
  get(idOrName: string): Channel {
    if (this.#isId(idOrName)) return this.#known({ id: idOrName, name: null, state: "open" });
    const named = this.all().find((channel) => channel.name === idOrName);
    return named ?? this.#known({ id: this.#idOf(idOrName), name: idOrName, state: "open" });
  }

  seed(seed: ChannelSeed): void {
    const channel = this.get(seed.id ?? seed.name ?? "general");
    const name = seed.name ?? channel.name;
    this.#byId.set(channel.id, { id: channel.id, name, state: seed.state ?? "open" });
  }

  setState(idOrName: string, state: ChannelState): void {
    const channel = this.get(idOrName);
    this.#byId.set(channel.id, { ...channel, state });
  }

  all(): Channel[] {
    return [...this.#byId.values()];
  }

  #known(channel: Channel): Channel {
    const known = this.#byId.get(channel.id) ?? channel;
    this.#byId.set(known.id, known);
    return known;
  }
}

/** How people call a channel: by its name where there is one. */
export function channelLabel(channel: Channel): string {
  return channel.name ?? channel.id;
}

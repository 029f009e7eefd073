import { setTimeout as sleep } from "node:timers/promises";
import { LEASE } from "../../../src/pipeline/leases.ts";
import { type Launched, launch } from "../../end-to-end/process.ts";
import type { Place } from "../rig.ts";

/** A start that failed: from when to when it was tried, in milliseconds since the epoch, and what it said last. */
export interface InVain {
  readonly from: number;
  readonly until: number;
  readonly words: string;
}

/** A bridge as its supervisor sees it. */
interface Member {
  readonly place: Place;
  readonly env: Readonly<Record<string, string>>;
  bridge: Launched | undefined;
  isListening: boolean;
  /** When it last began to listen, by the machine's steady clock. */
  listensSince: number;
  isToBeKilled: boolean;
}

/** How long a supervisor waits before it starts a bridge again, in milliseconds; ours. */
const AGAIN_AFTER_MS = 300;

/**
 * From when on a bridge may take over what others held, in milliseconds: it has seen the database for a whole lease, and
 * may have needed one look more until it did.
 */
const SEASONED_MS = LEASE.forMs + LEASE.everyMs;

/** How long bridges may take until they listen, in milliseconds; ours: far longer than they need. */
const PATIENCE_MS = 120_000;

/** How much is kept of what a bridge said that did not start, in characters; ours: its last line or two. */
const WORDS_CHARS = 160;

/** How often it is looked whether a bridge listens, in milliseconds; ours. */
const LOOK_EVERY_MS = 50;

/** Bridges of processes of their own on one store, each of which is started again whenever it ends. */
export class Fleet {
  /** When a bridge was killed, in milliseconds since the epoch. */
  readonly kills: number[] = [];
  /** Starts that failed. */
  readonly inVain: InVain[] = [];
  /** Bridges that listened and ended though nobody had told them to. */
  failed = 0;
  readonly #members: readonly Member[];
  readonly #supervisors: Promise<void>[];
  #isStopping = false;

  constructor(all: readonly { readonly place: Place; readonly env: Member["env"] }[]) {
    const idle = {
      bridge: undefined,
      isListening: false,
      listensSince: Infinity,
      isToBeKilled: false,
    };
    this.#members = all.map((one) => ({ ...one, ...idle }));
    this.#supervisors = this.#members.map((one) => this.#supervise(one));
  }

  /** Resolves once every bridge listens. */
  async ready(): Promise<void> {
    await this.#until(() => this.#members.every(({ isListening }) => isListening));
  }

  /** Kills one of the bridges that listen, by a number from 0 up to 1, as soon as another one is left that listens. */
  async kill(random: number): Promise<void> {
    await this.#until(() => this.#mortal().length > 0);
    const mortal = this.#mortal();
    const member = mortal[Math.floor(random * mortal.length)];
    if (member?.bridge === undefined) throw new Error("No bridge can be killed.");
    member.isToBeKilled = true;
    this.kills.push(Date.now());
    await member.bridge.kill();
  }

  /**
   * Those that listen, but not the one that has for the longest, unless another one has for long enough to take over what
   * it holds.
   */
  #mortal(): readonly Member[] {
    const [oldest, next, ...others] = this.#members
      .filter(({ isListening }) => isListening)
      .toSorted((one, other) => one.listensSince - other.listensSince);
    if (oldest === undefined || next === undefined) return [];
    const isSpared = performance.now() - next.listensSince < SEASONED_MS;
    return isSpared ? [next, ...others] : [oldest, next, ...others];
  }

  /** Tells all bridges to stop; gives back their exit codes. */
  async stop(): Promise<(number | null)[]> {
    this.#isStopping = true;
    const codes = await Promise.all(
      this.#members.map(async ({ bridge }) => bridge?.stop() ?? null),
    );
    await Promise.all(this.#supervisors);
    return codes;
  }

  /** Ends all bridges at once. */
  async end(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#members.map(async ({ bridge }) => bridge?.kill()));
    await Promise.all(this.#supervisors);
  }

  async #until(holds: () => boolean): Promise<void> {
    const latest = performance.now() + PATIENCE_MS;
    while (!holds()) {
      if (performance.now() > latest)
        throw new Error(`The bridges do not come to listen. ${this.inVain.at(-1)?.words ?? ""}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  async #supervise(member: Member): Promise<void> {
    while (!this.#isStopping) {
      const from = Date.now();
      const bridge = launch(member.place.folder, member.env);
      Object.assign(member, { bridge, isToBeKilled: false });
      const words = await bridge.listening.then(
        () => "",
        (error: unknown) => String(error),
      );
      Object.assign(member, { isListening: words === "", listensSince: performance.now() });
      await bridge.ended;
      member.isListening = false;
      if (this.#isStopping) return;
      if (words !== "")
        this.inVain.push({ from, until: Date.now(), words: words.slice(-WORDS_CHARS) });
      else if (!member.isToBeKilled) this.failed += 1;
      await sleep(AGAIN_AFTER_MS);
    }
  }
}

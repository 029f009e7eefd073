import { dirname } from "node:path";
import type { Fingerprinted } from "./fingerprint.ts";
import type { Checked } from "./load.ts";
import { type Origins, originsOf } from "./origins.ts";
import { stampOf } from "./stamp.ts";

/** What a watch works with. */
export interface WatchParts {
  /** The config's path. */
  readonly file: string;
  /** The fingerprint of the config that is in use. */
  readonly inUse: string;
  /** Reads what the config is made from; costs a few milliseconds where a check of a large config takes hundreds. */
  readonly fingerprint: () => Promise<Fingerprinted>;
  readonly check: () => Promise<Checked>;
  /** Called with what came of a check, because files changed or, with `isAsked`, a person asked for it. */
  readonly onChecked: (checked: Checked, isAsked: boolean) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** How often the files are looked at, in milliseconds; ours: some dozens of looks at files cost little. */
const LOOK_EVERY_MS = 250;

/**
 * After how many looks that find the same files are checked, and after how many a mistake in them is told, or an empty one
 * taken for what it is; ours: editors remove or empty a file before they write it anew, and a deployment writes many
 * files, one after the other.
 */
const CALM = { check: 1, tell: 4 } as const;

/**
 * Has a config checked when it changes. Files are looked at again and again rather than watched: what the operating system
 * tells of files, it does not tell of network mounts and of folders that are swapped, and editors and deployments replace
 * files in more ways than can be followed.
 */
export class Watch {
  readonly #parts: WatchParts;
  #origins: Origins;
  /** What the last look found, and how many found the same before it. */
  #found = "";
  #calm = 0;
  /** What was found when files were checked the last time, or said the same. */
  #checked = "";
  /** What was told last: the config's fingerprint, or its problems as `check` prints them. */
  #told: string;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#told = parts.inUse;
    this.#origins = originsOf(parts.file, dirname(parts.file), "");
  }

  /** Begins to look; the first look finds what changed while the bridge was started. */
  start(): void {
    const look = async () => {
      await this.#inTurn(() => this.#look());
      if (!this.#isStopped) this.start();
    };
    this.#timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** Has the files checked at once, and what comes of it told in any case. */
  now(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#tell(await this.#check(), true);
    });
  }

  /** Ends the looks; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  async #look(): Promise<void> {
    const { text: found, isAnyEmpty } = await stampOf(this.#origins);
    this.#calm = found === this.#found ? this.#calm + 1 : 0;
    this.#found = found;
    if (found === this.#checked) return;
    if (this.#calm !== CALM.tell && (this.#calm !== CALM.check || isAnyEmpty)) return;
    const { fingerprint, origins } = await this.#parts.fingerprint();
    if (fingerprint === this.#told) {
      this.#origins = origins;
      this.#checked = found;
      return;
    }
    const checked = await this.#check();
    if (checked.config === undefined && this.#calm < CALM.tell) return;
    this.#checked = found;
    if (gistOf(checked) !== this.#told) await this.#tell(checked, false);
  }

  /** Files that the config refers to from now on are new to the next look, and so are read once more. */
  async #check(): Promise<Checked> {
    const checked = await this.#parts.check();
    this.#origins = checked.origins;
    return checked;
  }

  async #tell(checked: Checked, isAsked: boolean): Promise<void> {
    this.#told = gistOf(checked);
    await this.#parts.onChecked(checked, isAsked);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const before = this.#turn;
    const turn = async () => {
      await before;
      if (!this.#isStopped) await work();
    };
    this.#turn = turn().catch(this.#parts.onError);
    return this.#turn;
  }
}

function gistOf({ config, text }: Checked): string {
  return config?.fingerprint ?? text;
}

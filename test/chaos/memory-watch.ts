import { scrape } from "./scrape.ts";

/** How often the bridge is asked, in milliseconds; ours. */
const EVERY_MS = 2_000;

/** Watches how much memory the process of a bridge holds. */
export class MemoryWatch {
  readonly #url: string;
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  constructor(url: string) {
    this.#url = url;
    this.#timer = setInterval(() => void this.#look(), EVERY_MS);
  }

  /** The most since the start or the last call, in MiB. */
  async most(): Promise<number> {
    await this.#look();
    const most = this.#most;
    this.#most = 0;
    return most;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // A bridge that does not answer shows elsewhere.
    const metrics = await scrape(this.#url).catch(() => new Map<string, number>());
    const bytes = metrics.get("process_resident_memory_bytes") ?? 0;
    this.#most = Math.max(this.#most, Math.round(bytes / 2 ** 20));
  }
}

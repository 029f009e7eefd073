import { rename, writeFile } from "node:fs/promises";
import { realNow, simulated, type Stretch } from "./timeline.ts";

/** Whoever else goes by simulated time is told of each change of pace before it holds. */
export type Told = (stretches: readonly Stretch[]) => Promise<void>;

/** How long before it holds a change of pace is written down, in real milliseconds; every process has read it by then. */
const AHEAD_MS = 200;

const PRELOAD = new URL("./preload.ts", import.meta.url);

/** Time that runs faster than the machine's, the same in every process that reads its file. */
export class SimulatedClock {
  readonly #file: string;
  readonly #told: Told;
  #stretches: readonly Stretch[];

  private constructor(file: string, stretches: readonly Stretch[], told: Told) {
    this.#file = file;
    this.#told = told;
    this.#stretches = stretches;
  }

  /** Begins at the machine's own time and pace. */
  static async start(file: string, told: Told = async () => {}): Promise<SimulatedClock> {
    const stretches = [{ from: realNow(), at: Date.now(), factor: 1 }];
    const clock = new SimulatedClock(file, stretches, told);
    await clock.#write();
    return clock;
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return simulated(this.#stretches, realNow());
  }

  /** What a process needs in its environment to live in this time. */
  environment(): Record<string, string> {
    return { NODE_OPTIONS: `--import=${PRELOAD.href}`, SIMULATED_CLOCK: this.#file };
  }

  /** Changes the pace without a jump; resolves when the new one holds everywhere. */
  async pace(factor: number): Promise<void> {
    const from = realNow() + AHEAD_MS;
    const at = simulated(this.#stretches, from);
    this.#stretches = [...this.#stretches, { from, at, factor }];
    await this.#write();
    while (realNow() < from) await realSleep(from - realNow());
  }

  async #write(): Promise<void> {
    // A reader finds the old file or the new one, never half of one.
    await writeFile(`${this.#file}.new`, JSON.stringify(this.#stretches));
    await rename(`${this.#file}.new`, this.#file);
    await this.#told(this.#stretches);
  }
}

function realSleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(1, ms));
  });
}

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Rig } from "../chaos/rig.ts";
import { environment } from "../end-to-end/house.ts";
import { serve, type Served } from "../end-to-end/process.ts";
import { cpuMs } from "./spent.ts";

/** What bridges have had PostgreSQL do since they were started. */
interface Counts {
  /** Those too that begin and end transactions: each is a round trip. */
  readonly statements: number;
  readonly transactions: number;
  /** Inserted, updated and deleted. */
  readonly rows: number;
}

/** What bridges have spent since they were started. */
export interface SpentByBridges extends Counts {
  readonly bridgeCpuMs: number;
}

/** Bridges of processes of their own on one store. */
export class Bridges {
  readonly #all: readonly Served[];
  readonly #counts: string;

  private constructor(all: readonly Served[], counts: string) {
    this.#all = all;
    this.#counts = counts;
  }

  /** Starts all bridges of a rig, one after the other, so that each has its tables. */
  static async start({ places, sandbox, folder }: Rig): Promise<Bridges> {
    const counts = join(folder, "count");
    const preload = new URL("statements-preload.ts", import.meta.url).href;
    const env = {
      ...environment(sandbox),
      NODE_OPTIONS: `--import ${preload}`,
      SCALE_COUNTS: counts,
    };
    const all: Served[] = [];
    for (const place of places) all.push(await serve(place.folder, env));
    return new Bridges(all, counts);
  }

  get urls(): readonly string[] {
    return this.#all.map(({ url }) => url);
  }

  async spent(): Promise<SpentByBridges> {
    const pids = this.#all.map(({ pid }) => pid);
    const counts = await Promise.all(pids.map((pid) => this.#countsOf(pid)));
    const sum = (name: keyof Counts) => counts.reduce((all, one) => all + one[name], 0);
    return {
      bridgeCpuMs: await cpuMs(pids),
      statements: sum("statements"),
      transactions: sum("transactions"),
      rows: sum("rows"),
    };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all.map((one) => one.stop()));
  }

  async #countsOf(pid: number): Promise<Counts> {
    const file = `${this.#counts}-${pid}`;
    await rm(file, { force: true });
    process.kill(pid, "SIGUSR2");
    for (;;) {
      const text = await readFile(file, "utf8").catch(() => "");
      if (text.endsWith("}")) return JSON.parse(text) as Counts;
      await pause(5);
    }
  }
}

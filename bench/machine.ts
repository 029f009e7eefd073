import { readFileSync } from "node:fs";
import { arch, cpus, loadavg, release, totalmem } from "node:os";
import { version } from "../src/version.ts";

/** What figures were measured on, without which they say little. */
export interface Machine {
  readonly bellhop: string;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly system: string;
  readonly processors: number;
  readonly processor: string;
  readonly memoryMb: number;
  /** How many programs wanted a processor in the minute before. */
  readonly load: number;
}

/** The packages that figures depend on most. */
const PACKAGES = [
  "fastify",
  "better-sqlite3",
  "kysely",
  "zod",
  "handlebars",
  "@slack/bolt",
  "autocannon",
];

/** Looks at this machine. */
export function machine(): Machine {
  return {
    bellhop: version(),
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    system: `${process.platform} ${release()} ${arch()}`,
    processors: cpus().length,
    processor: cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(totalmem() / 2 ** 20),
    load: loadavg()[0] ?? 0,
  };
}

/** What the processors did since the start, in ticks; `null` where the system does not tell. */
export interface Ticks {
  readonly all: number;
  /** What the host gave to others while a program wanted to run. */
  readonly stolen: number;
}

/** Reads the processors' ticks. https://man7.org/linux/man-pages/man5/proc_stat.5.html */
export function ticks(): Ticks | null {
  try {
    const [, ...counts] = (readFileSync("/proc/stat", "utf8").split("\n", 1)[0] ?? "").split(/ +/);
    // The last two are counted among the first two already.
    const own = counts.slice(0, 8).map(Number);
    return { all: own.reduce((sum, one) => sum + one, 0), stolen: own[7] ?? 0 };
  } catch {
    return null;
  }
}

/** Which share of the processors' time the host took between two readings; `null` where that is not known. */
export function stolenShare(before: Ticks | null, after: Ticks | null): number | null {
  if (before === null || after === null || after.all === before.all) return null;
  return (after.stolen - before.stolen) / (after.all - before.all);
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

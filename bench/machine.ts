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

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

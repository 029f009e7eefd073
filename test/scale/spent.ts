import { readdir, readFile } from "node:fs/promises";
import type { Database } from "./database.ts";

/** What a server of PostgreSQL has spent since it was started. */
export interface SpentByServer {
  /** Of all its processes, in milliseconds. */
  readonly serverCpuMs: number;
  readonly walBytes: number;
}

/** Asks a server through one of its databases. */
export async function spentByServer(database: Database): Promise<SpentByServer> {
  const walBytes = await database.one(
    "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8",
  );
  const backend = await statOf(await database.one("select pg_backend_pid()"));
  return { serverCpuMs: await cpuMsOfTree(backend?.parent ?? Number.NaN), walBytes };
}

/** The processor time that processes have had so far, in milliseconds. */
export async function cpuMs(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map(statOf));
  return stats.reduce((sum, stat) => sum + (stat?.ownMs ?? 0), 0);
}

/** Linux counts it in hundredths of a second. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const TICK_MS = 10;

interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of its children that have ended. */
  readonly endedMs: number;
}

async function cpuMsOfTree(root: number): Promise<number> {
  const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })));
  return stats.reduce((sum, { pid, stat }) => {
    if (stat === undefined) return sum;
    if (pid === root) return sum + stat.ownMs + stat.endedMs;
    return stat.parent === root ? sum + stat.ownMs : sum;
  }, 0);
}

async function statOf(pid: number): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field is a name in parentheses, and may hold blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields.length < 20) return undefined;
  const ms = (index: number) => Number(fields[index]) * TICK_MS;
  return { parent: Number(fields[1]), ownMs: ms(11) + ms(12), endedMs: ms(13) + ms(14) };
}

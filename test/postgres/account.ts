import { execFile } from "node:child_process";
import { chown as chownOne, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Whom a process runs as; empty for whoever runs us. */
export interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** Whom PostgreSQL runs as: it refuses root, for whom it runs as `nobody`, a user that every system has. */
export async function accountForPostgres(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all([idOfNobody("-u"), idOfNobody("-g")]);
  return { uid, gid };
}

/** Gives a file, or a folder and all in it, to an account. */
export async function chown(path: string, { uid, gid }: Account): Promise<void> {
  if (uid === undefined || gid === undefined) return;
  await chownOne(path, uid, gid);
  if (!(await stat(path)).isDirectory()) return;
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chownOne(join(entry.parentPath, entry.name), uid, gid);
  }
}

async function idOfNobody(which: "-u" | "-g"): Promise<number> {
  const { stdout } = await promisify(execFile)("id", [which, "nobody"]);
  return Number(stdout);
}

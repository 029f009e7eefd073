import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Account, accountForPostgres, chown } from "./account.ts";
import { type Binaries, binaries } from "./binaries.ts";
import { killTree } from "./kill-tree.ts";

/** Settings of `postgresql.conf`, by name. */
export type Settings = Readonly<Record<string, string | number>>;

/** What a server is made with. */
export interface ClusterPlan {
  readonly port: number;
  /** Its superuser. */
  readonly user: string;
  readonly password: string;
}

/** The most that is kept of what a server said, in characters, to be told when it does not start; ours. */
const MAX_KEPT_CHARS = 4_000;

/** One server of PostgreSQL and its data, in a folder of its own below the system's for temporary files. */
export class Cluster {
  readonly #folder: string;
  readonly #port: number;
  readonly #account: Account;
  readonly #binaries: Binaries;
  #server: ChildProcess | undefined;

  private constructor(folder: string, port: number, account: Account, programs: Binaries) {
    this.#folder = folder;
    this.#port = port;
    this.#account = account;
    this.#binaries = programs;
  }

  /** Makes a server's data, without starting it. Throws with what PostgreSQL said when that fails. */
  static async create(plan: ClusterPlan): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), "bellhop-postgres-"));
    try {
      const account = await accountForPostgres();
      await chown(folder, account);
      const programs = await binaries(account, folder);
      const cluster = new Cluster(folder, plan.port, account, programs);
      await cluster.#initialize(plan);
      return cluster;
    } catch (cause) {
      await rm(folder, { recursive: true });
      throw cause;
    }
  }

  /** Starts the server and waits until it takes connections. Throws with what it said when it ends first. */
  async start(settings: Settings): Promise<void> {
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const server = spawn(
      this.#binaries.postgres,
      ["-D", this.#data, "-p", String(this.#port), ...flags],
      { ...this.#how, stdio: ["ignore", "ignore", "pipe"] },
    );
    this.#server = server;
    let said = "";
    const isReady = await new Promise<boolean>((resolve, reject) => {
      server.stderr.on("data", (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-MAX_KEPT_CHARS);
        // "ready to accept read-only connections" when it is a standby.
        if (/ready to accept (read-only )?connections/.test(said)) resolve(true);
      });
      server.once("close", () => resolve(false));
      server.once("error", reject);
    });
    if (!isReady) throw new Error(`PostgreSQL did not start:\n${said}`);
  }

  /** Ends the server in good order; its connections are told so. */
  async stop(): Promise<void> {
    await this.#end((server) => server.kill("SIGINT"));
  }

  /** Ends all processes of the server at once, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end((server) => killTree(server.pid ?? Number.NaN));
  }

  /** Makes it a standby at its next start: it can only be read until it is promoted. */
  async demote(): Promise<void> {
    const signalFile = join(this.#data, "standby.signal");
    await writeFile(signalFile, "");
    await chown(signalFile, this.#account);
  }

  /** Ends the server as quickly as it can, and removes all that it made. */
  async remove(): Promise<void> {
    await this.#end((server) => server.kill("SIGQUIT"));
    const sharedMemory = await this.#sharedMemory();
    await rm(this.#folder, { recursive: true, force: true });
    if (sharedMemory !== undefined) await promisify(execFile)("ipcrm", ["-m", sharedMemory]);
  }

  async #end(how: (server: ChildProcess) => unknown): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const isRunning = server?.pid !== undefined && server.exitCode === null;
    if (!isRunning || server.signalCode !== null) return;
    const closed = once(server, "close");
    await how(server);
    await closed;
  }

  async #initialize({ user, password }: ClusterPlan): Promise<void> {
    const passwordFile = join(this.#folder, "password");
    await writeFile(passwordFile, password, { mode: 0o600 });
    await chown(passwordFile, this.#account);
    const args = [
      `--pgdata=${this.#data}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      // Quicker than SCRAM, and nobody listens between us and us.
      "--auth=password",
      "--encoding=UTF8",
      // Sorts as people do, as most servers in use, and not by bytes, as SQLite: a query that leans on that shows.
      "--locale=C",
      "--locale-provider=icu",
      "--icu-locale=en",
      "--no-sync",
    ];
    await promisify(execFile)(this.#binaries.initdb, args, this.#how);
    await rm(passwordFile);
  }

  /**
   * The id of the bytes that a killed server leaves in the system's shared memory, by which the next one of the same data
   * knows that it is alone. Which line of the file has it:
   * https://www.postgresql.org/docs/current/storage-file-layout.html
   */
  async #sharedMemory(): Promise<string | undefined> {
    const left = await readFile(join(this.#data, "postmaster.pid"), "utf8").catch(() => "");
    return left.split("\n")[6]?.trim().split(/\s+/)[1];
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  get #how() {
    const { PATH = "" } = process.env;
    return { ...this.#account, cwd: this.#folder, env: { PATH, LC_ALL: "C" } };
  }
}

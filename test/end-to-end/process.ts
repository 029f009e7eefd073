import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A `bellhop serve` of its own process. */
export interface Served {
  readonly url: string;
  readonly pid: number;
  /** Resolves with its exit code when it has ended; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it without any warning, as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to stop, and gives back its exit code. */
  stop(): Promise<number | null>;
}

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const MAIN = new URL("../../src/main.ts", import.meta.url).pathname;

/** A `bellhop serve` of its own process that may not listen yet. */
export interface Launched extends Omit<Served, "url"> {
  /** Its URL, once it listens; rejects with its output when it ends first. */
  readonly listening: Promise<string>;
  /** Whether it has not ended, neither by itself nor by us. */
  isRunning(): boolean;
}

/**
 * Starts `bellhop serve` in a folder and waits until it listens; `main` is this version's own unless given. Rejects with
 * its output when it ends first.
 */
export async function serve(
  folder: string,
  env: Readonly<Record<string, string>>,
  main = MAIN,
): Promise<Served> {
  const { listening: url, ...served } = launch(folder, env, main);
  return { url: await url, ...served };
}

/** Starts `bellhop serve` in a folder. */
export function launch(
  folder: string,
  env: Readonly<Record<string, string>>,
  main = MAIN,
): Launched {
  const child = start(["serve"], folder, env, main);
  return {
    listening: listening(child),
    pid: child.pid ?? Number.NaN,
    ended: ended(child).then(() => child.exitCode),
    isRunning: () => isRunning(child),
    kill: async () => {
      child.kill("SIGKILL");
      await ended(child);
    },
    stop: async () => {
      child.kill("SIGTERM");
      await ended(child);
      return child.exitCode;
    },
  };
}

/** Runs a command to its end. */
export async function run(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
  main = MAIN,
): Promise<Ran> {
  const child = start(args, folder, env, main);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  child.stdin?.end();
  await once(child, "close");
  return { code: child.exitCode, out, err };
}

/** Runs a command whose output nobody reads to its end, as before `| true`. */
export async function runUnread(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Ran> {
  const child = start(args, folder, env);
  let err = "";
  child.stdout?.destroy();
  child.stderr?.on("data", (chunk: Buffer) => (err += chunk.toString()));
  await ended(child);
  return { code: child.exitCode, out: "", err };
}

/**
 * Runs a command until it has printed a text, and gives back all that it printed; `hear` is called with what it has
 * printed so far each time that there is more.
 */
export async function runUntil(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
  text: string,
  hear: (out: string) => void = () => undefined,
): Promise<string> {
  const child = start(args, folder, env);
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    hear(out);
    if (out.includes(text)) child.kill("SIGTERM");
  });
  await once(child, "close");
  return out;
}

/** Starts `npm run bellhop -- serve`; `stop` tells npm to end, and not the bridge itself. */
export async function serveByNpm(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Pick<Served, "url" | "stop">> {
  const { PATH = "", HOME = "" } = process.env;
  const config = `${folder}/config.yaml`;
  const child = spawn("npm", ["run", "-s", "bellhop", "--", "serve", "--config", config], {
    cwd: new URL("../..", import.meta.url).pathname,
    env: { PATH, HOME, NO_COLOR: "1", ...env },
    stdio: "pipe",
  });
  const url = await listening(child);
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await ended(child);
      return child.exitCode;
    },
  };
}

function start(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
  main = MAIN,
): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH, HOME, NO_COLOR: "1", ...env },
    stdio: "pipe",
  });
  // A test that ends early must not leave a bridge behind.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

async function listening(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      child.emit("line", line);
    });
  }
  for (;;) {
    const started = lines.find((line) => line.includes('"msg":"bridge started"'));
    if (started !== undefined) return (JSON.parse(started) as { url: string }).url;
    if (!isRunning(child)) throw new Error(`bellhop serve ended: ${lines.join("\n")}`);
    await Promise.race([once(child, "line"), once(child, "exit")]);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (isRunning(child)) await once(child, "exit");
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

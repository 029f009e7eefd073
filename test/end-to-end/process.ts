import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A `bellhop serve` of its own process. */
export interface Served {
  readonly url: string;
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

/** Starts `bellhop serve` in a folder and waits until it listens. Rejects with its output when it ends first. */
export async function serve(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Served> {
  const child = start(["serve"], folder, env);
  const url = await listening(child);
  return {
    url,
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
): Promise<Ran> {
  const child = start(args, folder, env);
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

/** Runs a command until it has printed a text, and gives back all that it printed. */
export async function runUntil(
  args: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
  text: string,
): Promise<string> {
  const child = start(args, folder, env);
  let out = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk.toString();
    if (out.includes(text)) child.kill("SIGTERM");
  });
  await ended(child);
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
): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH, HOME, NO_COLOR: "1", ...env },
    stdio: "pipe",
  });
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
    if (child.exitCode !== null) throw new Error(`bellhop serve ended: ${lines.join("\n")}`);
    await Promise.race([once(child, "line"), once(child, "exit")]);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "../../test/postgres/free-port.ts";

/** A server that runs beside Bellhop. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** How a server is started. */
export interface Program {
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where the server answers when it is ready. */
  readonly readyAt: string;
  readonly folder?: string;
}

/** How long a server may take until it answers, in milliseconds; ours. */
const PATIENCE_MS = 60_000;

/** Starts a server as a process of its own and waits until it answers; rejects with its output when it ends first. */
export async function start(program: Program): Promise<Server> {
  const port = await freePort();
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(program.command, program.args(port), {
    ...(program.folder !== undefined && { cwd: program.folder }),
    env: { PATH, HOME, PORT: String(port), ...program.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-10_000)));
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const ended = once(child, "exit").then(() => process.off("exit", end));
  const url = `http://127.0.0.1:${port}`;
  const until = performance.now() + PATIENCE_MS;
  while (!(await answers(`${url}${program.readyAt}`))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > until) {
      child.kill("SIGKILL");
      throw new Error(`${program.command} did not start: ${output}`);
    }
    await pause(50);
  }
  return {
    url,
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** One of the servers in this folder, which run on the same Node. */
export function startOwn(
  name: "bare" | "insert",
  env: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const file = new URL(`./${name}.ts`, import.meta.url).pathname;
  return start({ command: process.execPath, args: () => [file], env, readyAt: "/" });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.arrayBuffer();
      return true;
    },
    () => false,
  );
}

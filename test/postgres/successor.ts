import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** Forks a script that cleans up after us: it hears `disconnect` when we dismiss it or end, however we end. */
export function successor(script: string): ChildProcess {
  // Detached, so that Ctrl-C ends us and not it.
  return fork(new URL(script, import.meta.url).pathname, [], {
    detached: true,
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** Lets a successor clean up, and waits until it has. Rejects when it could not. */
export async function dismiss(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit");
    if (child.connected) child.disconnect();
    await ended;
  }
  if (child.exitCode !== 0) throw new Error("Not everything that the tests made is gone.");
}

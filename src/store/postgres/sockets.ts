import { Socket } from "node:net";

/** The sockets of all connections to a database: a goodbye to a host that is gone without a word is never answered. */
export class Sockets {
  readonly #open = new Set<Socket>();

  /** Makes the socket of one more connection. */
  readonly open = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    socket.once("close", () => this.#open.delete(socket));
    return socket;
  };

  /** Resolves once all are closed; those that are not after `graceMs` milliseconds are cut. */
  async close(graceMs: number): Promise<void> {
    const closed = Promise.all(
      [...this.#open].map((one) => new Promise((resolve) => one.once("close", resolve))),
    );
    const cut = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(cut);
  }
}

import { once } from "node:events";
import type { Answer, Order } from "./keeper.ts";
import { dismiss, successor } from "./successor.ts";

/** A server in the hands of a process of its own. */
export class Kept {
  readonly #keeper = successor("keeper.ts");
  #last: Promise<unknown> = Promise.resolve();

  /** Has something done, after all that was told before. Rejects with what went wrong. */
  async tell(order: Order): Promise<void> {
    const done = this.#last.then(() => this.#ask(order));
    this.#last = done.catch(() => undefined);
    await done;
  }

  /** Has the server removed, after all that was told before. Rejects when something of it is left. */
  async dismiss(): Promise<void> {
    await this.#last;
    await dismiss(this.#keeper);
  }

  async #ask(order: Order): Promise<void> {
    const heard = new AbortController();
    const { signal } = heard;
    const answer = once(this.#keeper, "message", { signal }).then(([told]) => told as Answer);
    const ended = once(this.#keeper, "exit", { signal }).then(() => ({ error: "It is closed." }));
    // A keeper that has ended says so by `exit`.
    this.#keeper.send(order, () => undefined);
    const { error } = await Promise.race([answer, ended]);
    heard.abort();
    if (error !== null) throw new Error(error);
  }
}

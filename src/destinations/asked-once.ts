/** How long after a question that failed it is not asked again, in milliseconds; ours: nothing depends on the answer. */
const AGAIN_MS = 600_000;

/** Something that a platform is asked for once, because it stays as it is. */
export class AskedOnce<T> {
  #answer: T | undefined;
  #asking: Promise<T | undefined> | undefined;
  /** By the machine's steady clock. */
  #notBefore = 0;

  /** The answer, asked for unless it is known; `undefined` while the platform gives none. Never rejects. */
  get(ask: () => Promise<T | undefined>): Promise<T | undefined> {
    if (this.#answer !== undefined) return Promise.resolve(this.#answer);
    if (performance.now() < this.#notBefore) return Promise.resolve(undefined);
    this.#asking ??= this.#try(ask).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #try(ask: () => Promise<T | undefined>): Promise<T | undefined> {
    this.#answer = await ask().catch(() => undefined);
    if (this.#answer === undefined) this.#notBefore = performance.now() + AGAIN_MS;
    return this.#answer;
  }
}

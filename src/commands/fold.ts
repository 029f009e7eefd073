/** Prints lines, and those that come again within a while only as a number behind the line at the end of it. */
export class Fold {
  readonly #print: (line: string) => void;
  readonly #forMs: number;
  readonly #held = new Map<string, { more: number; readonly timer: NodeJS.Timeout }>();

  constructor(print: (line: string) => void, forMs: number) {
    this.#print = print;
    this.#forMs = forMs;
  }

  say(line: string): void {
    const held = this.#held.get(line);
    if (held !== undefined) {
      held.more += 1;
      return;
    }
    this.#print(line);
    const timer = setTimeout(() => this.#release(line), this.#forMs);
    this.#held.set(line, { more: 0, timer });
  }

  /** Prints at once what is held back. */
  flush(): void {
    for (const line of this.#held.keys()) this.#release(line);
  }

  #release(line: string): void {
    const held = this.#held.get(line);
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.#held.delete(line);
    if (held.more > 0) this.#print(`${line} (${held.more} more)`);
  }
}

import { number } from "./report.ts";

/** How often the line is written anew, in milliseconds; ours. */
const EVERY_MS = 200;

/** One line on standard error that tells how far a long work is; nothing where that is no terminal. */
export class Progress {
  readonly #total: number;
  readonly #began = performance.now();
  #done = 0;
  #shownAt = 0;

  constructor(total: number) {
    this.#total = total;
  }

  advance(): void {
    this.#done += 1;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#write(`${number(this.#done)} of ${number(this.#total)} events, ${this.#rate(now)}`);
  }

  /** Takes the line away, and leaves how long it took. */
  end(): void {
    if (!process.stderr.isTTY) return;
    const now = performance.now();
    const seconds = ((now - this.#began) / 1000).toFixed(1);
    this.#write(`${number(this.#done)} events in ${seconds} s, ${this.#rate(now)}\n`);
  }

  #rate(now: number): string {
    const seconds = Math.max(0.001, (now - this.#began) / 1000);
    return `${number(Math.round(this.#done / seconds))} a second`;
  }

  #write(text: string): void {
    process.stderr.write(`\r\u001b[K${text}`);
  }
}

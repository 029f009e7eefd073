import type { MoveListener, MoveStage } from "../../store/move/move.ts";
import { number } from "../against/report.ts";

/** How often the bar is drawn anew, and how often a line is printed where there is no terminal, in milliseconds; ours. */
const EVERY = { barMs: 200, lineMs: 10_000 } as const;

/** How wide the bar is, in columns; ours. */
const WIDTH = 30;

const WORDS: Readonly<Record<MoveStage, string>> = {
  checking: "Checking what was moved before",
  moving: "Moving",
  verifying: "Verifying",
};

/** Tells on standard error how far a move is: a bar in a terminal, elsewhere a line now and then. */
export class MoveProgress implements MoveListener {
  readonly #isTerminal = process.stderr.isTTY;
  #stage: MoveStage | undefined;
  #total = 0;
  #done = 0;
  /** What was done when the stage began, which says nothing about how fast it is. */
  #before = 0;
  #beganAt = 0;
  #shownAt = 0;

  readonly onWait = (longestMs: number): void => {
    const seconds = Math.ceil(longestMs / 1000);
    this.#line(`Looking whether a bridge still runs there, for up to ${seconds} seconds.`);
  };

  readonly onAnew = (): void => {
    this.end();
    this.#line("What an earlier run moved is not what the old store has by now: beginning anew.");
  };

  readonly onStage = (
    stage: MoveStage,
    { total, done }: { readonly total: number; readonly done: number },
  ): void => {
    this.end();
    this.#stage = stage;
    this.#total = total;
    this.#done = done;
    this.#before = done;
    this.#beganAt = performance.now();
    this.#shownAt = this.#beganAt;
    if (this.#isTerminal) this.#draw();
    else this.#line(`${WORDS[stage]}: ${number(done)} of ${number(total)} rows.`);
  };

  readonly onRows = (count: number): void => {
    this.#done += count;
    const now = performance.now();
    if (now - this.#shownAt < (this.#isTerminal ? EVERY.barMs : EVERY.lineMs)) return;
    this.#shownAt = now;
    if (this.#isTerminal) this.#draw();
    else this.#line(`${WORDS[this.#stage ?? "moving"]}: ${this.#figures()}`);
  };

  /** Leaves how far the last stage came. */
  end(): void {
    if (this.#stage === undefined) return;
    if (this.#isTerminal) {
      this.#draw();
      process.stderr.write("\n");
    }
    this.#stage = undefined;
  }

  #draw(): void {
    const share = this.#share();
    const head = `${WORDS[this.#stage ?? "moving"]} `;
    const tail = ` ${Math.floor(share * 100)}%  ${this.#figures()}`;
    // A line that wraps could not be taken away again.
    const room = (process.stderr.columns || 80) - 1;
    const width = Math.max(0, Math.min(WIDTH, room - head.length - tail.length));
    const full = Math.round(share * width);
    const bar = "█".repeat(full) + "░".repeat(width - full);
    process.stderr.write(`\r\u001b[K${(head + bar + tail).slice(0, room)}`);
  }

  #figures(): string {
    const elapsed = (performance.now() - this.#beganAt) / 1000;
    const rate = (this.#done - this.#before) / Math.max(elapsed, 0.001);
    const left = rate === 0 ? Infinity : (this.#total - this.#done) / rate;
    const rows = `${number(this.#done)} of ${number(this.#total)} rows, ${number(Math.round(rate))} a second`;
    return this.#done >= this.#total || !Number.isFinite(left)
      ? rows
      : `${rows}, ${span(left)} left`;
  }

  #share(): number {
    return this.#total === 0 ? 1 : Math.min(1, this.#done / this.#total);
  }

  #line(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}

function span(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3_600)} h`;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Source } from "../../src/sources/source.ts";
import { post } from "../end-to-end/house.ts";
import type { TrafficEvent } from "./traffic.ts";

/** Where webhooks go, and which come more than once though they were answered. */
export interface Habits {
  /** The bridge that the next webhook goes to. */
  readonly to: () => string;
  /** Whether the next webhook goes out twice at the same moment. */
  readonly isTwin: () => boolean;
  /** After how many milliseconds a webhook that was answered comes again; `undefined` when it does not. */
  readonly againAfterMs: () => number | undefined;
}

/** A vendor that sends webhooks, again and again until each is answered 202. */
export class Sender {
  /** The bridge's ids of the events that it answered with 202, by their markers. */
  readonly accepted = new Map<string, string>();
  /** How often the bridge gave no answer, or asked to try again. */
  retries = 0;
  /** How often it knew an event already. */
  duplicates = 0;
  /** How often it gave an event another id than before. */
  renamed = 0;
  /** How many webhooks went out twice at the same moment, and how many came again though they had been answered. */
  readonly repeated = { atOnce: 0, later: 0 };
  readonly #habits: Habits;
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #now: () => number;
  #allowed = 0;
  #isStopped = false;
  #waiting: (() => void)[] = [];
  readonly #coming: Promise<boolean>[] = [];

  constructor(to: string | Habits, sources: readonly Source[], now: () => number = Date.now) {
    this.#habits = typeof to === "string" ? plain(to) : to;
    this.#now = now;
    this.#sources = new Map(sources.map((one) => [one.name, one]));
  }

  /** Lets the first `count` of the events go out. */
  allow(count: number): void {
    this.#allowed = count;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Gives up on what was not answered yet. */
  stop(): void {
    this.#isStopped = true;
    this.allow(Infinity);
  }

  /** Sends events in order per subject, one at a time; resolves once all are answered. */
  async send(events: readonly TrafficEvent[]): Promise<void> {
    const lines = Map.groupBy(events.entries(), ([, { subject }]) => subject % LINES);
    await Promise.all([...lines.values()].map((line) => this.#sendInTurn(line)));
    await Promise.all(this.#coming);
  }

  async #sendInTurn(line: readonly [number, TrafficEvent][]): Promise<void> {
    for (const [position, event] of line) {
      while (position >= this.#allowed)
        await new Promise<void>((resolve) => {
          this.#waiting.push(resolve);
        });
      while (!this.#isStopped && !(await this.#sendOnce(event))) {
        this.retries += 1;
        await sleep(PAUSE_MS);
      }
      this.#comeAgain(event);
    }
  }

  /** Whether one of the copies was accepted. */
  async #sendOnce(event: TrafficEvent): Promise<boolean> {
    const isTwin = this.#habits.isTwin();
    if (isTwin) this.repeated.atOnce += 1;
    const copies = isTwin ? [event, event] : [event];
    const answers = await Promise.all(copies.map((copy) => this.#post(copy)));
    return answers.includes(true);
  }

  #comeAgain(event: TrafficEvent): void {
    const afterMs = this.#habits.againAfterMs();
    if (afterMs === undefined) return;
    this.repeated.later += 1;
    this.#coming.push(sleep(afterMs).then(() => this.#post(event)));
  }

  async #post({ source: name, marker, id, body }: TrafficEvent): Promise<boolean> {
    const source = this.#sources.get(name);
    if (source === undefined) throw new Error(`The config has no source ${name}.`);
    const at = new Date(this.#now());
    const sending = { id, at, headers: {} };
    const answer = await post(this.#habits.to(), source, source.refresh(body, at), sending).catch(
      () => undefined,
    );
    if (answer === undefined || answer.status === 503) return false;
    if (answer.status !== 202 || answer.body.id === undefined)
      throw new Error(`The bridge answered ${marker} with ${answer.status}.`);
    if (answer.body.status === "duplicate") this.duplicates += 1;
    const known = this.accepted.get(marker);
    if (known !== undefined && known !== answer.body.id) this.renamed += 1;
    this.accepted.set(marker, answer.body.id);
    return true;
  }
}

/** One bridge, which each webhook goes to until it is answered. */
function plain(url: string): Habits {
  return { to: () => url, isTwin: () => false, againAfterMs: () => undefined };
}

/** How many webhooks are under way at once at the most; ours. */
const LINES = 32;

/** The pause before a webhook is sent again, in milliseconds; shorter than any vendor's, to make it harder. */
const PAUSE_MS = 100;

import { setTimeout as sleep } from "node:timers/promises";
import type { Source } from "../../src/sources/source.ts";
import { post } from "../end-to-end/house.ts";
import type { TrafficEvent } from "./traffic.ts";

/** A vendor that sends webhooks, again and again until each is answered 202. */
export class Sender {
  /** The bridge's ids of the events that it answered with 202, by their markers. */
  readonly accepted = new Map<string, string>();
  /** How often the bridge gave no answer, or asked to try again. */
  retries = 0;
  /** How often it knew an event already. */
  duplicates = 0;
  readonly #url: string;
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #now: () => number;
  #allowed = 0;
  #isStopped = false;
  #waiting: (() => void)[] = [];

  constructor(url: string, sources: readonly Source[], now: () => number = Date.now) {
    this.#url = url;
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
    }
  }

  async #sendOnce({ source: name, marker, id, body }: TrafficEvent): Promise<boolean> {
    const source = this.#sources.get(name);
    if (source === undefined) throw new Error(`The config has no source ${name}.`);
    const at = new Date(this.#now());
    const sending = { id, at, headers: {} };
    const answer = await post(this.#url, source, source.refresh(body, at), sending).catch(
      () => undefined,
    );
    if (answer === undefined || answer.status === 503) return false;
    if (answer.status !== 202 || answer.body.id === undefined)
      throw new Error(`The bridge answered ${marker} with ${answer.status}.`);
    if (answer.body.status === "duplicate") this.duplicates += 1;
    this.accepted.set(marker, answer.body.id);
    return true;
  }
}

/** How many webhooks are under way at once at the most; ours. */
const LINES = 32;

/** The pause before a webhook is sent again, in milliseconds; shorter than any vendor's, to make it harder. */
const PAUSE_MS = 100;

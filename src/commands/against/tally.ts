import type { Held, LeftOut } from "../../pipeline/against.ts";
import { type Compared, hasMoved, type Sides, type Verdict } from "../../pipeline/compare.ts";
import type { RehearsedMessage, Stage } from "../../pipeline/rehearse.ts";
import type { RecordedEvent } from "../../store/store.ts";

/** What came of comparing two configs. */
export interface Tally {
  /** How many events were read, and for how many of them something was compared. */
  readonly events: number;
  readonly compared: number;
  /** Of these, how many with the changes as they were recorded, because the state before is not known any more. */
  readonly asRecorded: number;
  readonly leftOut: Readonly<Record<LeftOut, number>>;
  /** In the order of today's config, those of the other one behind. */
  readonly destinations: readonly DestinationTally[];
  /** By destination, the most frequent first. */
  readonly groups: readonly Group[];
}

/** How many messages to a destination would differ, and how. */
export interface DestinationTally extends Readonly<Record<Verdict, number>> {
  readonly name: string;
  /** Which of the configs has it. */
  readonly isIn: "both" | "today" | "other";
  /** Whether the other config has it in another channel or on another account. */
  readonly hasMoved: boolean;
}

/** Differences of one sort: with the same verdict, by the same routes and templates. */
export interface Group {
  readonly destination: string;
  readonly verdict: Exclude<Verdict, "same">;
  /** By which route and template; `null` where a config sends nothing. */
  readonly today: Way | null;
  readonly other: Way | null;
  readonly count: number;
  /** The first of them. */
  readonly examples: readonly Example[];
}

/** The route that sends a message, and the template that was rendered. */
export type Way = Pick<RehearsedMessage, "route" | "template">;

/** One message that differs. */
export interface Example extends Sides<RehearsedMessage | null> {
  readonly event: string;
  /** When its event was received, in milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** Counts what comes of event after event, and keeps a few differences of each sort. */
export class Tallying {
  readonly #stages: Sides<Stage>;
  readonly #show: number;
  readonly #leftOut: Record<LeftOut, number> = { ...NOTHING_LEFT_OUT };
  readonly #counts = new Map<string, Record<Verdict, number>>();
  readonly #groups = new Map<string, OpenGroup>();
  #events = 0;
  #compared = 0;
  #asRecorded = 0;

  constructor(stages: Sides<Stage>, show: number) {
    this.#stages = stages;
    this.#show = show;
  }

  add(event: RecordedEvent, held: Held): void {
    this.#events += 1;
    if (held.leftOut !== null) {
      this.#leftOut[held.leftOut] += 1;
      return;
    }
    this.#compared += 1;
    if (held.isAsRecorded) this.#asRecorded += 1;
    for (const compared of held.messages) this.#count(event, compared);
  }

  result(): Tally {
    const destinations = this.#destinations();
    const order = destinations.map((one) => one.name);
    const groups = [...this.#groups.values()].toSorted(
      (a, b) => order.indexOf(a.destination) - order.indexOf(b.destination) || b.count - a.count,
    );
    return {
      events: this.#events,
      compared: this.#compared,
      asRecorded: this.#asRecorded,
      leftOut: this.#leftOut,
      destinations,
      groups,
    };
  }

  #count(event: RecordedEvent, { destination, verdict, today, other }: Compared): void {
    const counts = this.#counts.get(destination) ?? { ...NO_MESSAGES };
    counts[verdict] += 1;
    this.#counts.set(destination, counts);
    if (verdict === "same") return;
    const [before, after] = [wayOf(today), wayOf(other)];
    const key = JSON.stringify([destination, verdict, before, after]);
    const group = this.#groups.get(key) ?? {
      destination,
      verdict,
      today: before,
      other: after,
      count: 0,
      examples: [],
    };
    group.count += 1;
    if (group.examples.length < this.#show)
      group.examples.push({ event: event.id, receivedAt: event.receivedAt, today, other });
    this.#groups.set(key, group);
  }

  #destinations(): DestinationTally[] {
    const { today, other } = this.#stages;
    const names = new Set([...today.destinations.keys(), ...other.destinations.keys()]);
    return [...names].map((name) => {
      const [here, there] = [today.destinations.get(name), other.destinations.get(name)];
      const isIn = there === undefined ? "today" : here === undefined ? "other" : "both";
      const isElsewhere = here !== undefined && there !== undefined && hasMoved(here, there);
      return { name, isIn, hasMoved: isElsewhere, ...(this.#counts.get(name) ?? NO_MESSAGES) };
    });
  }
}

interface OpenGroup extends Group {
  count: number;
  readonly examples: Example[];
}

const NO_MESSAGES: Readonly<Record<Verdict, number>> = { same: 0, gained: 0, lost: 0, changed: 0 };

const NOTHING_LEFT_OUT: Readonly<Record<LeftOut, number>> = {
  unchanged: 0,
  stale: 0,
  quarantined: 0,
  waiting: 0,
  pruned: 0,
  unreadable: 0,
  sourceless: 0,
};

function wayOf(message: RehearsedMessage | null): Way | null {
  return message && { route: message.route, template: message.template };
}

/** Whether any message would differ, or go elsewhere. */
export function differs({ groups, destinations }: Tally): boolean {
  return groups.length > 0 || destinations.some((one) => one.hasMoved);
}

import { type Benefit, type Change, type Group, type Subscription, type Tone } from "./change.ts";
import { byWeight, strongestTone } from "./change.ts";
import type { Customer, SourceEvent } from "./event.ts";
import type { JsonObject } from "./json.ts";

/** What routes and templates see of an event; the keys are the public names of paths. */
export interface Facts {
  /** The vendor's event type. */
  readonly event: string;
  readonly time: string;
  readonly source: SourceFacts;
  readonly customer: Customer | null;
  /** The most telling first; never empty. */
  readonly changes: readonly Change[];
  /** The first of the changes. */
  readonly change: Change;
  /** The strongest tone among the changes. */
  readonly tone: Tone;
  /** Of the first change that has one. */
  readonly subscription: Subscription | null;
  readonly benefit: Benefit | null;
  readonly group: Group | null;
  /** The payload as the vendor sent it. */
  readonly data: JsonObject;
}

/** The configured source that an event came from. */
export interface SourceFacts {
  /** The key under `sources`. */
  readonly name: string;
  readonly type: string;
  /** How messages call it. */
  readonly label: string;
}

/** The facts of an event with its changes, of which there is at least one. */
export function factsOf(
  event: SourceEvent,
  { name, type, label }: SourceFacts,
  given: readonly [Change, ...Change[]],
): Facts {
  const changes = byWeight(given);
  const first = <K extends "subscription" | "benefit" | "group">(key: K): Change[K] | null =>
    changes.find((one) => one[key] !== null)?.[key] ?? null;
  return {
    event: event.type,
    time: event.time,
    source: { name, type, label },
    customer: event.customer,
    changes,
    change: changes[0] ?? given[0],
    tone: strongestTone(changes),
    subscription: first("subscription"),
    benefit: first("benefit"),
    group: first("group"),
    data: event.payload,
  };
}

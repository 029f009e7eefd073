import type { Json, Scalar } from "./json.ts";

/** The kinds of change, the most telling first: the order in which an event lists its changes. */
export const CHANGE_KINDS = [
  "customer.deleted",
  "subscription.ended",
  "subscription.cancellation_scheduled",
  "subscription.started",
  "subscription.trial_converted",
  "subscription.plan_changed",
  "subscription.cancellation_reverted",
  "subscription.amount_changed",
  "subscription.seats_changed",
  "group.added",
  "group.removed",
  "customer.created",
  "subscription.renewed",
  "meter.depleted",
  "benefit.revoked",
  "benefit.granted",
  "customer.first_seen",
  "customer.updated",
  "meter.changed",
  "event.received",
] as const;

/** What happened, in Bellhop's own words, the same for every source. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** The tones, the weakest first. */
export const TONES = ["info", "good", "warning", "bad"] as const;

/** How a change reads to the team: it picks the color. */
export type Tone = (typeof TONES)[number];

/** One thing about a subject that is not what it was; the keys are public names. */
export interface Change {
  readonly kind: ChangeKind;
  /** One plain English sentence without the customer's name. */
  readonly summary: string;
  readonly tone: Tone;
  readonly subscription: Subscription | null;
  readonly benefit: Benefit | null;
  readonly group: Group | null;
  readonly meter: Meter | null;
  /** Who did it, where the vendor says so. */
  readonly actor: Actor | null;
  /** The names of the fields that differ; empty where the kind says it all. */
  readonly fields: readonly string[];
  /** The differing fields as they were; `null` where there was nothing. */
  readonly before: { readonly [field: string]: Json } | null;
  /** The differing fields as they are; `null` where nothing is left. */
  readonly after: { readonly [field: string]: Json } | null;
}

/** A subscription as routes and templates see one; amounts in minor currency units, times ISO 8601 UTC. */
export interface Subscription {
  readonly id: string;
  /** The product's name from the config, else a short form of its id. */
  readonly name: string;
  readonly product_id: string;
  readonly status: string;
  readonly amount: number;
  /** Lower-case ISO 4217. */
  readonly currency: string;
  /** `day`, `week`, `month` or `year`. */
  readonly interval: string;
  readonly started_at: string | null;
  readonly ends_at: string | null;
  readonly period_start: string;
  readonly period_end: string | null;
  readonly trial_end: string | null;
  readonly seats: number | null;
  readonly units: number | null;
  readonly discount_id: string | null;
  readonly metadata: { readonly [key: string]: Scalar };
}

/** A granted benefit as routes and templates see one. */
export interface Benefit {
  readonly id: string;
  /** The benefit's name from the config, else its type in words. */
  readonly name: string;
  readonly type: string;
}

/** A customer group as routes and templates see one. */
export interface Group {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly color: string | null;
}

/** A usage meter as routes and templates see one. */
export interface Meter {
  readonly id: string;
  readonly name: string;
  readonly consumed: number;
  readonly credited: number;
  readonly balance: number;
}

/** Who caused a change; vendors send ids only, so `label` comes from the config or names the kind of actor. */
export interface Actor {
  readonly type: string;
  readonly id: string | null;
  readonly label: string;
}

/** A change with only the facts given, every other one `null` or empty. */
export function change(given: Pick<Change, "kind" | "summary" | "tone"> & Partial<Change>): Change {
  return {
    subscription: null,
    benefit: null,
    group: null,
    meter: null,
    actor: null,
    fields: [],
    before: null,
    after: null,
    ...given,
  };
}

/** The changes with the most telling kinds first, otherwise in the order given. */
export function byWeight(changes: readonly Change[]): Change[] {
  const rank = (one: Change) => CHANGE_KINDS.indexOf(one.kind);
  return changes.toSorted((a, b) => rank(a) - rank(b));
}

/** The strongest tone among the changes; `info` when there are none. */
export function strongestTone(changes: readonly Change[]): Tone {
  const ranks = changes.map((one) => TONES.indexOf(one.tone));
  return TONES[ranks.reduce((a, b) => Math.max(a, b), 0)] ?? "info";
}

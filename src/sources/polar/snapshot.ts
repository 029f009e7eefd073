import { hash as digest } from "node:crypto";
import { z } from "zod";
import type { JsonObject } from "../../core/json.ts";
import type { Snapshot } from "../source.ts";
import { identity } from "./customer.ts";
import type { CustomerState } from "./schema.ts";

const text = z.string().nullable();

/** A text that is absent where Polar did not send it, which is not `null`: only what was sent twice is compared. */
const sometimes = text.optional();

/** What is kept of a customer: what messages show as it is, everything else only as a hash. */
const KeptCustomer = z.object({
  name: sometimes,
  email: sometimes,
  email_verified: z.boolean().nullable().optional(),
  billing_name: sometimes,
  billing_address: sometimes,
  tax_id: sometimes,
  external_id: sometimes,
  type: sometimes,
  locale: sometimes,
  default_payment_method_id: sometimes,
  metadata: sometimes,
});
export type KeptCustomer = z.output<typeof KeptCustomer>;

/** What is kept of a subscription: all that a change of it is told by. */
const KeptSubscription = z.object({
  id: z.string(),
  created_at: text,
  product_id: z.string(),
  status: z.string(),
  amount: z.number(),
  currency: z.string(),
  interval: z.string(),
  started_at: sometimes,
  ends_at: text,
  period_start: z.string(),
  period_end: text,
  trial_end: sometimes,
  cancel_at_period_end: z.boolean(),
  seats: z.number().nullable().optional(),
  units: z.number().nullable().optional(),
  discount_id: sometimes,
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type KeptSubscription = z.output<typeof KeptSubscription>;

/** A grant of a benefit; `id` is the grant's own. */
const KeptGrant = z.object({
  id: z.string(),
  benefit_id: z.string(),
  type: z.string(),
  granted_at: text,
});
export type KeptGrant = z.output<typeof KeptGrant>;

/** What is kept of a meter: all that a change of it is told by. */
const KeptMeter = z.object({
  id: z.string(),
  consumed: z.number(),
  credited: z.number(),
  balance: z.number(),
});
export type KeptMeter = z.output<typeof KeptMeter>;

/** What is kept of a customer's state, for the next one to be compared with. */
const KeptState = z.object({
  deleted: z.literal(false),
  customer: KeptCustomer,
  subscriptions: z.array(KeptSubscription),
  grants: z.array(KeptGrant),
  meters: z.array(KeptMeter),
});
export type KeptState = z.output<typeof KeptState>;

/** All that is kept of a deleted customer. */
const Tombstone = z.object({ deleted: z.literal(true) });

const Kept = z.discriminatedUnion("deleted", [KeptState, Tombstone]);

/** The state of a snapshot, or `"deleted"`; `"unreadable"` for one of another shape, `undefined` without any. */
export function recall(
  snapshot: Snapshot | undefined,
): KeptState | "deleted" | "unreadable" | undefined {
  if (snapshot === undefined) return undefined;
  const kept = Kept.safeParse(snapshot.state);
  if (!kept.success) return "unreadable";
  return kept.data.deleted ? "deleted" : kept.data;
}

/** The snapshot of a customer who was deleted. */
export function tombstone(time: string): Snapshot {
  return { time, state: { deleted: true } };
}

/** The part of a customer's state that is compared and kept. */
export function keep(state: CustomerState): KeptState {
  return {
    deleted: false,
    customer: keepCustomer(state),
    subscriptions: state.active_subscriptions,
    grants: state.granted_benefits,
    meters: state.active_meters,
  };
}

function keepCustomer(state: CustomerState): KeptCustomer {
  const { name = null, email = null } = state;
  const known = identity({ name, email });
  const hashed = (value: unknown) =>
    value === null || value === undefined ? value : hash(state.id, value);
  return {
    name: state.name === undefined ? undefined : known.name,
    email: state.email === undefined ? undefined : known.email,
    email_verified: state.email_verified,
    billing_name: hashed(state.billing_name),
    billing_address: hashed(state.billing_address),
    tax_id: hashed(state.tax_id),
    external_id: state.external_id,
    type: state.type,
    locale: state.locale,
    default_payment_method_id: hashed(state.default_payment_method_id),
    metadata: hashed(state.metadata),
  };
}

/** The customer's id goes in, so that equal values of two customers do not look equal. */
function hash(id: string, value: unknown): string {
  return digest("sha256", JSON.stringify([id, canonical(value, 0)]), "hex").slice(0, 32);
}

/** How deep a value is looked into; what nests deeper is nothing that Polar sends. */
const DEEPEST = 20;

/** The value with its keys in order, because the order of keys in JSON means nothing. */
function canonical(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === DEEPEST) return null;
  if (Array.isArray(value)) return value.map((element) => canonical(element, depth + 1));
  return Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, canonical(inner, depth + 1)]);
}

/** A state as a snapshot, which is JSON: what was not sent is not in it. */
export function snapshotOf(time: string, state: KeptState): Snapshot {
  return { time, state: JSON.parse(JSON.stringify(state)) as JsonObject };
}

import { createHash } from "node:crypto";
import { z } from "zod";
import type { JsonObject, Scalar } from "../../core/json.ts";
import type { Snapshot } from "../source.ts";
import { identity } from "./customer.ts";
import type { CustomerState } from "./schema.ts";

const text = z.string().nullable();

/** What is kept of a customer: what messages show as it is, everything else only as a hash. */
const KeptCustomer = z.object({
  name: text,
  email: text,
  email_verified: z.boolean().nullable(),
  billing_name: text,
  billing_address: text,
  tax_id: text,
  external_id: text,
  type: text,
  locale: text,
  default_payment_method_id: text,
  metadata: text,
});
export type KeptCustomer = z.output<typeof KeptCustomer>;

/** What is kept of a subscription: all that a change of it is told by. */
const KeptSubscription = z.object({
  id: z.string(),
  created_at: z.string(),
  product_id: z.string(),
  status: z.string(),
  amount: z.number(),
  currency: z.string(),
  interval: z.string(),
  started_at: text,
  ends_at: text,
  period_start: z.string(),
  period_end: text,
  trial_end: text,
  cancel_at_period_end: z.boolean(),
  seats: z.number().nullable(),
  units: z.number().nullable(),
  discount_id: text,
  metadata: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type KeptSubscription = z.output<typeof KeptSubscription>;

/** A grant of a benefit; `id` is the grant's own. */
const KeptGrant = z.object({
  id: z.string(),
  benefit_id: z.string(),
  type: z.string(),
  granted_at: z.string(),
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

/** The state of a snapshot, or `"deleted"`; `undefined` when there is none that can be read. */
export function recall(snapshot: Snapshot | undefined): KeptState | "deleted" | undefined {
  const kept = Kept.safeParse(snapshot?.state);
  if (!kept.success) return undefined;
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
  const hashed = (value: Hashable) => (value === null ? null : hash(state.id, value));
  return {
    ...identity(state),
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

type Hashable = string | readonly string[] | { readonly [key: string]: Scalar } | null;

/** The customer's id goes in, so that equal values of two customers do not look equal. */
function hash(id: string, value: Hashable): string {
  const entries = typeof value === "object" && value !== null ? sorted(value) : value;
  return createHash("sha256")
    .update(JSON.stringify([id, entries]))
    .digest("hex")
    .slice(0, 32);
}

/** By key, because the order of keys in JSON means nothing. */
function sorted(value: readonly string[] | { readonly [key: string]: Scalar }) {
  return Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** A state as a snapshot. */
export function snapshotOf(time: string, state: KeptState): Snapshot {
  return { time, state: state satisfies JsonObject };
}

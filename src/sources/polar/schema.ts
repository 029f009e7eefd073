import { z } from "zod";
import type { JsonObject, Scalar } from "../../core/json.ts";
import { Instant } from "../instant.ts";
import { isJsonObject } from "../payload.ts";

/** The event type that changes are computed for. */
export const STATE_CHANGED = "customer.state_changed";

/** A field that Polar may leave out or send as `null`; `null` either way. */
function optional<S extends z.ZodType>(schema: S) {
  return schema.nullable().default(null);
}

const Id = z.string().min(1);
const Text = optional(z.string());

const Metadata = z.record(z.string(), z.unknown()).nullish();
type Metadata = z.output<typeof Metadata>;

/** The metadata that the merchant set: keys that start with two underscores are Polar's own. */
function exposed(metadata: Metadata): { readonly [key: string]: Scalar } {
  return Object.fromEntries(
    Object.entries(metadata ?? {}).filter(
      (entry): entry is [string, Scalar] => !entry[0].startsWith("__") && isScalar(entry[1]),
    ),
  );
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/** The customer with the metadata that may be shown, and with its external id even after a deletion. */
function withMetadata<C extends { external_id: string | null; metadata?: Metadata }>(customer: C) {
  const { external_id, metadata } = customer;
  const kept = metadata?.["__external_id"];
  return {
    ...customer,
    external_id: external_id ?? (typeof kept === "string" ? kept : null),
    metadata: exposed(metadata),
  };
}

const Subscription = z
  .object({
    id: Id,
    created_at: Instant,
    product_id: Id,
    status: z.string(),
    amount: z.number(),
    currency: z.string().toLowerCase(),
    recurring_interval: z.string(),
    started_at: optional(Instant),
    ends_at: optional(Instant),
    current_period_start: Instant,
    current_period_end: optional(Instant),
    trial_end: optional(Instant),
    cancel_at_period_end: z.boolean(),
    seats: optional(z.number()),
    units: optional(z.number()),
    discount_id: Text,
    metadata: Metadata,
  })
  .transform(({ recurring_interval, current_period_start, current_period_end, ...same }) => ({
    ...same,
    metadata: exposed(same.metadata),
    interval: recurring_interval,
    period_start: current_period_start,
    period_end: current_period_end,
  }));

const Benefit = z
  .object({ id: Id, benefit_id: Id, benefit_type: z.string(), granted_at: Instant })
  .transform(({ benefit_type, ...same }) => ({ ...same, type: benefit_type }));

const Meter = z
  .object({
    meter_id: Id,
    consumed_units: z.number(),
    credited_units: z.number(),
    balance: z.number(),
  })
  .transform((meter) => ({
    id: meter.meter_id,
    consumed: meter.consumed_units,
    credited: meter.credited_units,
    balance: meter.balance,
  }));

/** Only what an address is made of, so that a field which Polar adds one day is not taken for a change. */
const Address = z.object({
  line1: Text,
  line2: Text,
  postal_code: Text,
  city: Text,
  state: Text,
  country: Text,
});

/**
 * The state of a customer, with the fields that are compared and shown; enums are open, unknown fields pass.
 * https://polar.sh/docs/api-reference/webhooks/customer.state_changed
 */
export const CustomerState = z
  .object({
    id: Id,
    created_at: Instant,
    deleted_at: optional(Instant),
    name: Text,
    email: Text,
    email_verified: optional(z.boolean()),
    billing_name: Text,
    billing_address: optional(Address),
    tax_id: optional(z.array(z.string())),
    external_id: Text,
    type: Text,
    locale: Text,
    default_payment_method_id: Text,
    metadata: Metadata,
    active_subscriptions: z.array(Subscription),
    granted_benefits: z.array(Benefit),
    active_meters: z.array(Meter),
  })
  .transform(withMetadata);
export type CustomerState = z.output<typeof CustomerState>;

/** The event that changes are computed for. */
export const StateChanged = z.object({
  type: z.literal(STATE_CHANGED),
  timestamp: Instant,
  data: CustomerState,
});

/** What all of Polar's events have in common. */
export const Envelope = z.object({
  type: z.string().min(1),
  timestamp: Instant,
  data: z.custom<JsonObject>(isJsonObject),
});
export type Envelope = z.output<typeof Envelope>;

/** A customer as any event may hold one; a field that does not fit counts as absent. */
export const AnyCustomer = z
  .object({
    id: Id,
    name: Text.catch(null),
    email: Text.catch(null),
    external_id: Text.catch(null),
    metadata: Metadata.catch(null),
  })
  .transform(withMetadata);
export type AnyCustomer = z.output<typeof AnyCustomer>;

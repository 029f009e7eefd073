import { z } from "zod";
import { isBlank } from "../../core/event.ts";
import type { JsonObject, Scalar } from "../../core/json.ts";
import { Instant } from "../instant.ts";
import { isJsonObject, listOf } from "../payload.ts";

/** The event type that changes are computed for. */
export const STATE_CHANGED = "customer.state_changed";

/** A field that Polar may leave out or send as `null`; `null` either way. */
function optional<S extends z.ZodType>(schema: S) {
  return schema.nullable().default(null);
}

/**
 * A field that no sentence needs: `undefined` where Polar did not send it, or in a shape that nobody knows. That is not
 * `null`, so that a field which Polar begins to send is not taken for a change.
 */
function tolerated<S extends z.ZodType>(schema: S) {
  return schema.nullish().catch(undefined);
}

const Id = z.string().min(1);
const Text = optional(z.string());

const Metadata = tolerated(z.record(z.string(), z.unknown()));
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

/** The external id that can be seen, also of a deleted customer, where Polar keeps it in the metadata. */
function externalId(
  external_id: string | null | undefined,
  metadata: Metadata,
): string | null | undefined {
  const kept = metadata?.["__external_id"];
  const known = external_id ?? (typeof kept === "string" ? kept : external_id);
  return typeof known === "string" && isBlank(known) ? null : known;
}

const Subscription = z
  .object({
    id: Id,
    created_at: Instant.nullable().catch(null),
    product_id: Id,
    status: z.string(),
    amount: z.number(),
    currency: z.string().toLowerCase(),
    recurring_interval: z.string(),
    started_at: tolerated(Instant),
    ends_at: optional(Instant),
    current_period_start: Instant,
    current_period_end: optional(Instant),
    trial_end: tolerated(Instant),
    cancel_at_period_end: z.boolean(),
    seats: tolerated(z.number()),
    units: tolerated(z.number()),
    discount_id: tolerated(z.string()),
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
  .object({
    id: Id,
    benefit_id: Id,
    benefit_type: z.string(),
    granted_at: Instant.nullable().catch(null),
  })
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
const ADDRESS_FIELDS = ["line1", "line2", "postal_code", "city", "state", "country"];

const Address = z
  .unknown()
  .optional()
  .transform((address) => {
    if (!isJsonObject(address)) return address;
    return Object.fromEntries(ADDRESS_FIELDS.map((field) => [field, address[field] ?? null]));
  });

/**
 * The state of a customer, with the fields that are compared and shown; enums are open, unknown fields pass, and what
 * is only compared may be of any shape.
 * https://polar.sh/docs/api-reference/webhooks/customer.state_changed
 */
export const CustomerState = z
  .object({
    id: Id,
    created_at: Instant.nullable().catch(null),
    deleted_at: z.unknown().optional(),
    name: tolerated(z.string()),
    email: tolerated(z.string()),
    email_verified: tolerated(z.boolean()),
    billing_name: z.unknown().optional(),
    billing_address: Address,
    tax_id: z.unknown().optional(),
    external_id: tolerated(z.string()),
    type: tolerated(z.string()),
    locale: tolerated(z.string()),
    default_payment_method_id: z.unknown().optional(),
    metadata: Metadata,
    active_subscriptions: listOf(Subscription),
    granted_benefits: listOf(Benefit),
    active_meters: listOf(Meter),
  })
  .transform(({ deleted_at, external_id, metadata, ...same }) => ({
    ...same,
    isDeleted: typeof deleted_at === "string" && deleted_at !== "",
    external_id: externalId(external_id, metadata),
    metadata: metadata === undefined ? undefined : exposed(metadata),
  }));
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
    metadata: Metadata,
  })
  .transform(({ external_id, metadata, ...same }) => ({
    ...same,
    external_id: externalId(external_id, metadata) ?? null,
    metadata: exposed(metadata),
  }));
export type AnyCustomer = z.output<typeof AnyCustomer>;

import { z } from "zod";
import { isBlank } from "../../core/event.ts";
import type { JsonObject } from "../../core/json.ts";
import { Instant } from "../instant.ts";
import { isJsonObject, listOf } from "../payload.ts";

/** The event type that changes are computed for. */
export const MEMBERSHIPS_CHANGED = "customer.customer_group_memberships_changed";

/** Spellings of that type in Plain's older documentation. */
const MISSPELLINGS: readonly string[] = [
  "customer.customer_groups_memberships_changed",
  "customer.customer_groups_memberships_canged",
];

const EventType = z
  .string()
  .min(1)
  .transform((type) => (MISSPELLINGS.includes(type) ? MEMBERSHIPS_CHANGED : type));

const Id = z.string().min(1);

/** A text that Plain may leave out; `null` when it is absent or blank. */
const Text = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === undefined || isBlank(text) ? null : text));

/** Who did something; any type of actor passes, as Plain adds some from time to time. */
const Actor = z.object({
  actorType: z.string(),
  userId: Text.catch(null),
  machineUserId: Text.catch(null),
  system: Text.catch(null),
});
export type Actor = z.output<typeof Actor>;

/** One customer in one group, as Plain sends it, with who put it there. */
const Membership = z
  .object({
    customerGroupId: Id,
    customerGroup: z.object({
      name: Text.catch(null),
      key: Text.catch(null),
      color: Text.catch(null),
    }),
    createdBy: Actor.nullable().catch(null),
  })
  .transform(({ customerGroupId: id, customerGroup, createdBy }) => {
    const { name, key, color } = customerGroup;
    return { group: { id, key: key ?? "", name: name ?? key ?? id, color }, createdBy };
  });
export type Membership = z.output<typeof Membership>;

const Memberships = listOf(Membership);

/** Groups as Plain sends them today: inside the customer after and the customer before. */
export const Nested = z
  .object({
    payload: z.object({
      customer: z.object({ id: Id, customerGroupMemberships: Memberships }),
      previousCustomer: z.object({ customerGroupMemberships: Memberships }),
    }),
  })
  .transform(({ payload }) => ({
    before: payload.previousCustomer.customerGroupMemberships,
    after: payload.customer.customerGroupMemberships,
  }));

/** Groups as Plain sent them in 2023: two lists beside the customer. */
export const Flat = z
  .object({
    payload: z.object({
      customer: z.object({ id: Id }),
      customerGroupMemberships: Memberships,
      previousCustomerGroupMemberships: Memberships,
    }),
  })
  .transform(({ payload }) => ({
    before: payload.previousCustomerGroupMemberships,
    after: payload.customerGroupMemberships,
  }));

/** What all of Plain's events have in common. */
export const Envelope = z.object({
  id: Id.nullish().catch(null),
  type: EventType,
  timestamp: Instant,
  workspaceId: Text.catch(null),
  payload: z.custom<JsonObject>(isJsonObject),
});
export type Envelope = z.output<typeof Envelope>;

/** A customer as any event may hold one; a field that does not fit counts as absent. */
export const AnyCustomer = z
  .object({
    id: Id,
    fullName: Text.catch(null),
    shortName: Text.catch(null),
    email: z
      .object({ email: Text.catch(null) })
      .nullish()
      .catch(null),
    externalId: Text.catch(null),
  })
  .transform(({ id, fullName, shortName, email, externalId }) => ({
    id,
    name: fullName ?? shortName,
    email: email?.email ?? null,
    external_id: externalId,
  }));

/** What a webhook says of itself, for the check of its age. */
export const Delivery = z.object({
  webhookMetadata: z.object({ webhookDeliveryAttemptTimestamp: Instant }),
});
export type Delivery = z.output<typeof Delivery>;

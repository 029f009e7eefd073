import type { JsonObject } from "../../core/json.ts";
import { conform, isJsonObject } from "../payload.ts";
import type { Membership } from "./schema.ts";
import { Flat, Nested } from "./schema.ts";

/** The full lists of a customer's memberships before and after the event. */
export interface Memberships {
  readonly before: readonly Membership[];
  readonly after: readonly Membership[];
}

/** The memberships in either shape that Plain has sent; throws a `PayloadError` when the payload is of neither. */
export function membershipsOf(payload: JsonObject): Memberships {
  const inner = payload["payload"];
  const isFlat =
    isJsonObject(inner) &&
    "customerGroupMemberships" in inner &&
    "previousCustomerGroupMemberships" in inner;
  return isFlat ? conform(Flat, payload) : conform(Nested, payload);
}

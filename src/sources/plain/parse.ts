import type { SourceEvent } from "../../core/event.ts";
import { conform, readJson } from "../payload.ts";
import { customerOf } from "./customer.ts";
import { entitiesOf } from "./entities.ts";
import { membershipsOf } from "./memberships.ts";
import { Envelope, MEMBERSHIPS_CHANGED } from "./schema.ts";

/** The event in a body from Plain; throws a `PayloadError` when it is not JSON or not of its type's schema. */
export function parse(body: Uint8Array): SourceEvent {
  const payload = readJson(body);
  const envelope = conform(Envelope, payload);
  if (envelope.type === MEMBERSHIPS_CHANGED) membershipsOf(payload);
  const customer = customerOf(envelope);
  return {
    type: envelope.type,
    time: envelope.timestamp,
    subject: customer?.id ?? entityId(envelope) ?? envelope.id ?? envelope.type,
    customer,
    payload,
  };
}

/** The id of the first thing in the payload that has one. */
function entityId({ payload }: Envelope): string | undefined {
  return entitiesOf(payload)
    .map((entity) => entity["id"])
    .find((id): id is string => typeof id === "string" && id !== "");
}

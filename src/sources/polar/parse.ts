import type { SourceEvent } from "../../core/event.ts";
import { conform, readJson } from "../payload.ts";
import type { PolarConfig } from "./config.ts";
import { customerOf } from "./customer.ts";
import type { Envelope as EnvelopeType } from "./schema.ts";
import { Envelope, STATE_CHANGED, StateChanged } from "./schema.ts";

/** The event in a body from Polar; throws a `PayloadError` when it is not JSON or not of its type's schema. */
export function parse(body: Uint8Array, settings: PolarConfig): SourceEvent {
  const payload = readJson(body);
  const envelope = conform(Envelope, payload);
  if (envelope.type === STATE_CHANGED) conform(StateChanged, payload);
  const customer = customerOf(envelope, settings);
  return {
    type: envelope.type,
    time: envelope.timestamp,
    subject: customer?.id ?? entityId(envelope),
    customer,
    payload,
  };
}

/** The id of what the event is about; events without one keep the order of their type. */
function entityId({ type, data }: EnvelopeType): string {
  const { id } = data;
  return typeof id === "string" && id !== "" ? id : type;
}

import type { Customer } from "../../core/event.ts";
import { customerLabel } from "../../core/event.ts";
import { entitiesOf } from "./entities.ts";
import type { Envelope } from "./schema.ts";
import { AnyCustomer } from "./schema.ts";

/** The customer that an event is about, wherever its payload holds one; `null` when it does not. */
export function customerOf({ payload, workspaceId }: Envelope): Customer | null {
  for (const candidate of candidates(payload)) {
    const found = AnyCustomer.safeParse(candidate);
    if (!found.success) continue;
    const customer = found.data;
    const label = customerLabel(customer);
    return { ...customer, label, metadata: {}, url: url(customer.id, workspaceId) };
  }
  return null;
}

/** The likeliest first; the customer as it is comes before the customer as it was. */
function candidates(payload: Envelope["payload"]): readonly unknown[] {
  const entities = entitiesOf(payload);
  return [
    payload["customer"],
    payload["previousCustomer"],
    ...entities.map((entity) => entity["customer"]),
    ...entities.map((entity) => ({ id: entity["customerId"] })),
  ];
}

/** Where Plain's own app shows the customer. */
function url(id: string, workspaceId: string | null): string | null {
  if (workspaceId === null) return null;
  const [workspace, customer] = [workspaceId, id].map(inAddress);
  return `https://app.plain.com/workspace/${workspace}/customer/${customer}`;
}

/** Well-formed first, because half a surrogate pair cannot be encoded. */
function inAddress(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

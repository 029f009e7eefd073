import type { JsonObject, Scalar } from "./json.ts";

/** A vendor's webhook in Bellhop's one shape, before its changes are worked out. */
export interface SourceEvent {
  /** The vendor's own name of the event's type, misspellings normalized. */
  readonly type: string;
  /** ISO 8601, UTC, with as many fractional digits as the vendor sent. */
  readonly time: string;
  /** The vendor's id of what it happened to (a customer where there is one); order is kept per subject. */
  readonly subject: string;
  /** `null` for an event about no customer, such as `product.updated`. */
  readonly customer: Customer | null;
  /** The payload as the vendor sent it. */
  readonly payload: JsonObject;
}

/** A customer as routes and templates see one; the keys are public names. */
export interface Customer {
  readonly id: string;
  /** The name, else the e-mail, else the external id, else the id; never an anonymized address. */
  readonly label: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly external_id: string | null;
  readonly metadata: { readonly [key: string]: Scalar };
  /** Opens the customer at the vendor, where one can be built. */
  readonly url: string | null;
}

/** The label of a customer: the first of name, e-mail and external id that can be seen, else the id. */
export function customerLabel(customer: Omit<Customer, "label" | "metadata" | "url">): string {
  const candidates = [customer.name, customer.email, customer.external_id];
  return candidates.find((text) => text !== null && !isBlank(text))?.trim() ?? customer.id;
}

const BLANK =
  /^[\s\u2800\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]*$/u;

/** Whether nothing of a text can be seen: white space, control characters, zero-width characters, fillers. */
export function isBlank(text: string): boolean {
  return BLANK.test(text);
}

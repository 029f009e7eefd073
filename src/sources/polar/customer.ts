import type { Customer } from "../../core/event.ts";
import { customerLabel, isBlank } from "../../core/event.ts";
import type { PolarConfig } from "./config.ts";
import type { Envelope } from "./schema.ts";
import { AnyCustomer } from "./schema.ts";

/** The customer that an event is about: the event's own data, or whom its data names; `null` when there is none. */
export function customerOf(envelope: Envelope, settings: PolarConfig): Customer | null {
  for (const candidate of candidates(envelope)) {
    const found = AnyCustomer.safeParse(candidate);
    if (found.success) return describe(found.data, settings);
  }
  return prospectOf(envelope);
}

/** Who is at a checkout before Polar has made a customer of them: known by the checkout's id, and nowhere to be opened. */
function prospectOf({ type, data }: Envelope): Customer | null {
  if (!type.startsWith("checkout.")) return null;
  const { id, customer_name: name, customer_email: email } = data;
  const found = AnyCustomer.safeParse({ id, name, email });
  if (!found.success) return null;
  const known = { id: found.data.id, ...identity(found.data), external_id: null };
  if (known.name === null && known.email === null) return null;
  return { ...known, label: customerLabel(known), metadata: {}, url: null };
}

function candidates({ type, data }: Envelope): readonly unknown[] {
  if (type.startsWith("customer.")) return [data];
  const { customer, customer_id, customer_name, customer_email } = data;
  return [customer, { id: customer_id, name: customer_name, email: customer_email }];
}

function describe(customer: AnyCustomer, settings: PolarConfig): Customer {
  const { id, external_id, metadata } = customer;
  const known = { id, ...identity(customer), external_id };
  return { ...known, label: customerLabel(known), metadata, url: url(id, settings) };
}

/** The name and e-mail of a customer, `null` where they are blank or Polar has anonymized them. */
export function identity(customer: {
  readonly name: string | null;
  readonly email: string | null;
}): {
  name: string | null;
  email: string | null;
} {
  const { name, email } = customer;
  return {
    name: name === null || isBlank(name) || isAnonymizedName(name) ? null : name,
    email: email === null || isBlank(email) || isAnonymizedEmail(email) ? null : email,
  };
}

function isAnonymizedName(name: string): boolean {
  return /^[0-9a-f]{64}$/i.test(name);
}

function isAnonymizedEmail(email: string): boolean {
  return email.toLowerCase().endsWith("@anonymized.polar.sh");
}

/** Where Polar's own dashboard shows the customer. */
function url(id: string, { organization }: PolarConfig): string | null {
  if (organization === undefined) return null;
  // Half a surrogate pair cannot be encoded.
  return `https://polar.sh/dashboard/${organization}/customers/${encodeURIComponent(id.toWellFormed())}`;
}

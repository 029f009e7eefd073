import type { Change } from "../../core/change.ts";
import { change } from "../../core/change.ts";
import { capitalize, joinWords } from "../sentence.ts";
import type { KeptCustomer } from "./snapshot.ts";

/** The fields of a customer that are compared, in the order they are listed, and what messages call them. */
const FIELDS = {
  name: "name",
  email: "email",
  email_verified: "email verification",
  billing_name: "billing name",
  billing_address: "billing address",
  tax_id: "tax ID",
  external_id: "external ID",
  type: "customer type",
  locale: "language",
  default_payment_method_id: "payment method",
  metadata: "metadata",
} as const satisfies Record<keyof KeptCustomer, string>;

type Field = keyof typeof FIELDS;

const ALL = Object.keys(FIELDS) as readonly Field[];

/** The fields whose values are kept; of the others there is only a hash, which is nobody's business. */
const SHOWN = ["name", "email", "external_id", "type", "locale"] as const satisfies Field[];

/** The fields that are told from what to what. */
const SPELLED_OUT = ["name", "email", "external_id"] as const satisfies Field[];

/** A customer with other fields than before, as one change; none when nothing that was sent both times differs. */
export function customerUpdated(before: KeptCustomer, after: KeptCustomer): Change[] {
  const fields = ALL.filter((field) => isDifferent(before[field], after[field]));
  if (fields.length === 0) return [];
  const shown = SHOWN.filter((field) => fields.includes(field));
  const pick = (customer: KeptCustomer) =>
    shown.length === 0
      ? null
      : Object.fromEntries(shown.map((field) => [field, customer[field] ?? null]));
  return [
    change({
      kind: "customer.updated",
      tone: "info",
      summary: summarize(fields, before, after),
      fields,
      before: pick(before),
      after: pick(after),
    }),
  ];
}

function isDifferent(before: Value, after: Value): boolean {
  return before !== undefined && after !== undefined && before !== after;
}

type Value = KeptCustomer[Field];

function summarize(fields: readonly Field[], before: KeptCustomer, after: KeptCustomer): string {
  const spelledOut = SPELLED_OUT.filter((field) => fields.includes(field));
  const named = fields.filter((field) => !spelledOut.some((one) => one === field));
  const clauses = spelledOut.map((field) =>
    fromTo(FIELDS[field], before[field] ?? null, after[field] ?? null),
  );
  if (named.length > 0) clauses.push(`${joinWords(named.map((field) => FIELDS[field]))} updated`);
  return `${capitalize(clauses.join("; "))}.`;
}

function fromTo(field: string, before: string | null, after: string | null): string {
  if (before === null) return `${field} set to ${after}`;
  return after === null
    ? `${field} ${before} removed`
    : `${field} changed from ${before} to ${after}`;
}

/** A customer that Polar says is deleted. */
export function customerDeleted(): Change {
  return change({ kind: "customer.deleted", tone: "bad", summary: "The customer was deleted." });
}

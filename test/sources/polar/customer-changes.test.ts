import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { changesBetween, lines, polarSource, snapshotOf, state, walk } from "./states.ts";

function change(before: JsonObject, after: JsonObject): string[] {
  return lines(changesBetween({ data: before }, { data: after }));
}

describe("a customer with other fields", () => {
  it.each([
    ["name", "Ada", "Bea", "Name changed from Ada to Bea."],
    ["name", null, "Bea", "Name set to Bea."],
    ["name", "Ada", " ", "Name Ada removed."],
    [
      "email",
      "a@example.com",
      "b@example.com",
      "Email changed from a@example.com to b@example.com.",
    ],
    ["external_id", "u1", "u2", "External ID changed from u1 to u2."],
    ["email_verified", false, true, "Email verification updated."],
    ["billing_name", "A", "B", "Billing name updated."],
    ["billing_address", { country: "SE" }, { country: "DK" }, "Billing address updated."],
    ["tax_id", ["1", "eu_vat"], ["2", "eu_vat"], "Tax ID updated."],
    ["type", "individual", "team", "Customer type updated."],
    ["locale", "sv", null, "Language updated."],
    ["default_payment_method_id", "pm1", "pm2", "Payment method updated."],
    ["metadata", { seat: 1 }, { seat: 2 }, "Metadata updated."],
  ])("in %s is told as one change", (field, before, after, summary) => {
    expect(change({ [field]: before }, { [field]: after })).toEqual([
      `customer.updated (info): ${summary}`,
    ]);
  });

  it("is told in one sentence, what can be shown first", () => {
    const [updated] = changesBetween(
      {},
      {
        data: {
          name: "Bea",
          email: "bea@northwind.example",
          billing_address: null,
          tax_id: null,
          default_payment_method_id: null,
          type: "team",
        },
      },
    );

    expect(updated).toMatchObject({
      summary:
        "Name changed from Ada Lindqvist to Bea; email changed from ada@northwind.example to bea@northwind.example; billing address, tax ID, customer type and payment method updated.",
      fields: ["name", "email", "billing_address", "tax_id", "type", "default_payment_method_id"],
      before: { name: "Ada Lindqvist", email: "ada@northwind.example", type: "individual" },
      after: { name: "Bea", email: "bea@northwind.example", type: "team" },
    });
  });

  it("shows nothing when all that differs is nobody's business", () => {
    const [updated] = changesBetween({}, { data: { tax_id: null } });

    expect(updated).toMatchObject({ fields: ["tax_id"], before: null, after: null });
  });

  it.each([
    ["metadata", { a: 1, b: 2 }, { b: 2, a: 1 }],
    ["metadata", { a: 1 }, { a: 1, __internal: true }],
    ["billing_address", { country: "SE" }, { country: "SE", line2: null, geohash: "u6s" }],
  ])("is the same when %s only looks different", (field, before, after) => {
    expect(change({ [field]: before }, { [field]: after })).toEqual([]);
  });
});

describe("the snapshot of a customer", () => {
  it("keeps no address, tax id, payment method, billing name or metadata", () => {
    const [comparison] = walk(polarSource(), [
      state({ data: { billing_name: "Ada's Firm", metadata: { plan: "internal-note" } } }),
    ]);

    const kept = JSON.stringify(comparison && snapshotOf(comparison));
    expect(kept).toContain("Ada Lindqvist");
    for (const secret of ["Storgatan", "SE556703748501", "c1d7a6f4", "Firm", "internal-note"])
      expect(kept).not.toContain(secret);
  });

  it("keeps nothing of a benefit's properties", () => {
    const [comparison] = walk(polarSource(), [state()]);

    const kept = JSON.stringify(comparison && snapshotOf(comparison));
    expect(kept).not.toContain("E304DA");
    expect(kept).not.toContain("245733201937367041");
  });
});

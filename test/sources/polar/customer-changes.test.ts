import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import type { Snapshot } from "../../../src/sources/source.ts";
import { changesBetween, lines, polarSource, snapshotOf, state, told, walk } from "./states.ts";

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

describe("a field that Polar only now begins to send", () => {
  it.each([
    ["name", "Bea"],
    ["email", "bea@northwind.example"],
    ["email_verified", true],
    ["billing_name", "Bea"],
    ["billing_address", { country: "SE" }],
    ["tax_id", ["1", "eu_vat"]],
    ["external_id", "usr_2"],
    ["type", "team"],
    ["locale", "sv"],
    ["default_payment_method_id", "pm_1"],
    ["metadata", { plan: "gold" }],
  ])("is no change: %s", (field, value) => {
    const absent = { [field]: undefined } as unknown as JsonObject;

    expect(change(absent, { [field]: value })).toEqual([]);
    expect(change({ [field]: value }, absent)).toEqual([]);
  });
});

describe("the snapshot of a customer", () => {
  it("is still understood as it was written on 22 November 2026", () => {
    const file = new URL("../../fixtures/polar-snapshot.json", import.meta.url);
    const kept = JSON.parse(readFileSync(file, "utf8")) as Snapshot;
    const source = polarSource();

    const comparison = source.changes(
      source.parse(state({ time: "2026-12-02T00:00:00Z", data: { name: "Bea" } })),
      kept,
    );

    expect(lines(told(comparison))).toEqual([
      "customer.updated (info): Name changed from Ada Lindqvist to Bea.",
    ]);
  });

  it("is written today as it was then", () => {
    const file = new URL("../../fixtures/polar-snapshot.json", import.meta.url);
    const [comparison] = walk(polarSource(), [state()]);

    expect(comparison && snapshotOf(comparison)).toEqual(JSON.parse(readFileSync(file, "utf8")));
  });

  it("is replaced without a word when it cannot be read", () => {
    const source = polarSource();
    const foreign = { time: "2026-11-01T00:00:00Z", state: { version: 99 } };
    const event = source.parse(state());

    const comparison = source.changes(event, foreign);

    expect(told(comparison)).toEqual([]);
    expect(snapshotOf(comparison)).toEqual(snapshotOf(source.changes(event, undefined)));
  });

  it("tells of a deletion even when it cannot be read", () => {
    const source = polarSource();
    const foreign = { time: "2026-11-01T00:00:00Z", state: { version: 99 } };
    const event = source.parse(state({ data: { deleted_at: "2026-12-01T00:00:00Z" } }));

    expect(lines(told(source.changes(event, foreign)))).toEqual([
      "customer.deleted (bad): The customer was deleted.",
    ]);
  });

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

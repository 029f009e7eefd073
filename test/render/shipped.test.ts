import { expect, test } from "vitest";
import type { Change, ChangeKind } from "../../src/core/change.ts";
import { CHANGE_KINDS, change } from "../../src/core/change.ts";
import type { Message } from "../../src/core/message.ts";
import { plainText } from "../../src/core/message.ts";
import { loadTemplates } from "../../src/render/templates.ts";
import type { Given } from "./facts.ts";
import { added, factsFor, granted, scale, upgrade } from "./facts.ts";
import { SHIPPED } from "./folder.ts";

const templates = await loadTemplates({ own: null, shipped: SHIPPED });

test("the shipped templates are without problems", () => {
  expect(templates.names).toEqual(["customer-state", "default", "group-membership"]);
  expect(templates.problems).toEqual([]);
});

/** A change of each kind, with what such a change carries. */
const CHANGES: Readonly<Record<ChangeKind, Change>> = Object.fromEntries(
  CHANGE_KINDS.map((kind) => [kind, changeOf(kind)]),
) as Record<ChangeKind, Change>;

function changeOf(kind: ChangeKind): Change {
  const [about] = kind.split(".");
  const subscription = about === "subscription" ? scale : null;
  const meter = { id: "m", name: "API calls", consumed: 1, credited: 2, balance: 1 };
  if (kind === "subscription.plan_changed") return upgrade;
  if (about === "benefit") return { ...granted("Downloads"), kind };
  if (about === "group") return { ...added("Enterprise"), kind };
  const summary = `This is ${kind.replaceAll(/[._]/g, " ")}.`;
  return change({
    kind,
    tone: "info",
    summary,
    subscription,
    meter: about === "meter" ? meter : null,
  });
}

const combinations = templates.names.flatMap((name) =>
  CHANGE_KINDS.map((kind) => ({ name, kind })),
);

test.each(combinations)("$name.hbs has no empty part for $kind", ({ name, kind }) => {
  for (const customer of [{}, { url: null, name: null }, null]) {
    const facts = factsFor({ customer, changes: [CHANGES[kind]] });

    const { message, failure, template } = templates.render(name, facts, "slack");

    expect(failure).toBeUndefined();
    expect(template).toBe(name);
    expect(message.body).not.toEqual([]);
    for (const part of partsOf(message)) expect(plainText(part).trim()).not.toBe("");
    expect(message.fields.length).toBeLessThanOrEqual(4);
  }
});

function partsOf({ summary, title, fields, buttons, footer, body }: Message) {
  return [
    summary,
    title,
    footer,
    ...fields.flatMap(({ label, value }) => [label, value]),
    ...buttons.map(({ label }) => label),
    ...body.flatMap((block) => (block.type === "paragraph" ? [block.children] : [])),
  ];
}

/** What a person reads, top to bottom. */
function read(name: string, given: Given): string[] {
  const { message } = templates.render(name, factsFor(given), "discord");
  return [
    plainText(message.summary),
    plainText(message.title),
    ...message.body.flatMap((block) =>
      block.type === "paragraph" ? lines(block.children).map((line) => `  ${line}`) : [],
    ),
    ...message.fields.map(({ label, value }) => `${plainText(label)}: ${plainText(value)}`),
    ...message.buttons.map(({ label, url }) => `[${plainText(label)}] ${url}`),
    plainText(message.footer),
  ];
}

function lines(inlines: Message["summary"]): string[] {
  const broken: Message["summary"][number][][] = [[]];
  for (const inline of inlines) {
    if (inline.type === "break") broken.push([]);
    else broken.at(-1)?.push(inline);
  }
  return broken.map(plainText);
}

test("an upgrade tells who, from what to what, and for how much", () => {
  const given = { changes: [upgrade, granted("License keys"), granted("Downloads")] } as const;

  expect(read("customer-state", given)).toEqual([
    "Ada Lindqvist: Upgraded from Pro to Scale ($49.00 → $199.00 per month). And 2 more changes.",
    "⬆️ Ada Lindqvist",
    "  Upgraded from Pro to Scale ($49.00 → $199.00 per month).",
    "  Granted: License keys and Downloads.",
    "Plan: Pro → Scale",
    "Price: $49.00 → $199.00 per month",
    "Renews: 3 December 2026",
    "[Open in Polar] https://vendor.example/customers/cus_1",
    "Polar",
  ]);
});

test("a scheduled cancellation tells when it takes effect", () => {
  const subscription = { ...scale, ends_at: "2026-12-03T10:24:10Z" };
  const cancelled = change({
    kind: "subscription.cancellation_scheduled",
    tone: "warning",
    summary: "The subscription to Scale is set to end on 3 December 2026.",
    subscription,
    fields: ["ends_at"],
    before: { ends_at: null },
    after: { ends_at: "2026-12-03T10:24:10Z" },
  });

  expect(read("default", { changes: [cancelled] })).toEqual([
    "Ada Lindqvist: The subscription to Scale is set to end on 3 December 2026.",
    "⏳ Ada Lindqvist",
    "  The subscription to Scale is set to end on 3 December 2026.",
    "Plan: Scale",
    "Price: $199.00 per month",
    "Ends: 3 December 2026",
    "[Open in Polar] https://vendor.example/customers/cus_1",
    "Polar",
  ]);
});

test("more seats and another interval tell both prices", () => {
  const seats = change({
    kind: "subscription.seats_changed",
    tone: "good",
    summary: "Seats of Scale went from 5 to 8.",
    subscription: { ...scale, seats: 8, interval: "year" },
    fields: ["seats", "amount", "interval"],
    before: { seats: 5, amount: 0, interval: "month" },
    after: { seats: 8, amount: 19900, interval: "year" },
  });

  expect(read("customer-state", { changes: [seats] }).slice(3, 7)).toEqual([
    "Plan: Scale",
    "Price: Free → $199.00 per year",
    "Renews: 3 December 2026",
    "Seats: 5 → 8",
  ]);
});

test("a free trial is called so", () => {
  const subscription = { ...scale, amount: 0, status: "trialing" };
  const started = change({
    kind: "subscription.started",
    tone: "good",
    summary: "Started a trial of Scale.",
    subscription,
  });

  expect(read("customer-state", { changes: [started] }).slice(3, 6)).toEqual([
    "Plan: Scale",
    "Price: Free",
    "Trial ends: 3 December 2026",
  ]);
});

test("an ended subscription says nothing of a renewal", () => {
  const ended = change({
    kind: "subscription.ended",
    tone: "bad",
    summary: "The subscription to Scale is no longer active.",
    subscription: scale,
  });

  expect(read("customer-state", { changes: [ended] }).slice(3, -2)).toEqual([
    "Plan: Scale",
    "Price: $199.00 per month",
  ]);
});

test("group memberships are told in one line each way, with who did it", () => {
  const removed = { ...added("Free tier"), kind: "group.removed", actor: null } as const;
  const given = {
    customer: { label: "Colby Kunde", name: "Colby Kunde", email: "colby@example.com", url: null },
    changes: [added("Enterprise"), added("Beta"), removed],
  } as const;

  expect(read("group-membership", given)).toEqual([
    "Colby Kunde: Added to the group Enterprise by Dana Smith. And 2 more changes.",
    "👥 Colby Kunde",
    "  Added to Enterprise and Beta.",
    "  Removed from Free tier.",
    "Email: colby@example.com",
    "Polar",
  ]);
});

function footerOf(...changes: readonly [Change, ...Change[]]): string | undefined {
  return read("group-membership", { changes }).at(-1);
}

test("who did it is told when all changes are of one and the same, who is known", () => {
  const stranger = { type: "robot", id: null, label: "an unknown actor" };
  const other = { type: "user", id: "u_2", label: "Kim" };

  expect(footerOf(added("Enterprise"), added("Beta"))).toBe("Polar • by Dana Smith");
  expect(footerOf(added("Enterprise"), { ...added("Beta"), actor: other })).toBe("Polar");
  expect(footerOf({ ...added("Enterprise"), actor: stranger })).toBe("Polar");
});

test("a price that becomes free is named with its interval", () => {
  const freed = change({
    kind: "subscription.amount_changed",
    tone: "warning",
    summary: "The price of Scale went from $49.00 per month to free.",
    subscription: { ...scale, amount: 0 },
    fields: ["amount"],
    before: { amount: 4900 },
    after: { amount: 0 },
  });

  expect(read("customer-state", { changes: [freed] })).toContain("Price: $49.00 per month → Free");
});

test("seats that are no longer counted end in none", () => {
  const seats = change({
    kind: "subscription.seats_changed",
    tone: "warning",
    summary: "Seats of Scale went from 5 to none.",
    subscription: { ...scale, seats: null },
    fields: ["seats"],
    before: { seats: 5 },
    after: { seats: null },
  });

  expect(read("customer-state", { changes: [seats] })).toContain("Seats: 5 → none");
});

test("the period ends on the day that the sentences name, whatever the reader's time zone", () => {
  const subscription = { ...scale, period_end: "2026-12-03T23:30:00Z" };
  const renewed = change({
    kind: "subscription.renewed",
    tone: "info",
    summary: "The subscription to Scale was renewed until 3 December 2026 for $199.00 per month.",
    subscription,
  });
  const { message } = templates.render("customer-state", factsFor({ changes: [renewed] }), "slack");

  const period = message.fields.find(({ label }) => plainText(label) === "Renews");

  expect(period?.value).toEqual([{ type: "text", value: "3 December 2026" }]);
});

test("an event of any other type is told as received, also when it is about no customer", () => {
  const received = change({ kind: "event.received", tone: "info", summary: "Product updated." });
  const given = { type: "product.updated", customer: null, changes: [received] } as const;

  expect(read("default", given)).toEqual([
    "Product updated.",
    "📨 Polar",
    "  Product updated.",
    "Event: product.updated",
    "Polar",
  ]);
});

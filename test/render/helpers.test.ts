import { describe, expect, test } from "vitest";
import { CHANGE_KINDS } from "../../src/core/change.ts";
import type { Inline } from "../../src/core/message.ts";
import { plainText } from "../../src/core/message.ts";
import { HELPERS } from "../../src/render/helpers.ts";
import { added, factsFor, granted, upgrade } from "./facts.ts";
import { renderOne } from "./folder.ts";

const facts = factsFor({
  changes: [
    upgrade,
    granted("Downloads"),
    granted("License keys"),
    added("Enterprise"),
    granted("SSO"),
  ],
  payload: {
    no: null,
    empty: "",
    list: ["a", "b"],
    same: ["a", "a"],
    none: [],
    text: "Señor 👩‍👩‍👧 Ångström",
    count: 1234,
    time: "2026-11-22T10:15:00+02:00",
    local: "2026-11-22 10:15",
    day: "2026-11-22",
    never: "soon",
    evil: "javascript:alert(1)",
    object: { a: 1 },
  },
});

async function inlines(template: string): Promise<readonly Inline[]> {
  const { footer } = await renderOne(`---\nfooter: >-\n  ${template}\n---\n`, facts);
  return footer;
}

test.each([
  ["{{money subscription.amount subscription.currency}}", "$199.00"],
  ['{{money data.count "jpy"}}', "¥1,234"],
  ["{{money data.no data.no}}", ""],
  [
    '{{plural 1 "seat"}}, {{plural 0 "seat"}}, {{plural data.count "seat"}}',
    "1 seat, 0 seats, 1,234 seats",
  ],
  ['{{plural 2 "person" "people"}}', "2 people"],
  ['{{plural data.no "seat"}}', ""],
  ["{{truncate data.text 8}}", "Señor…"],
  ["{{truncate data.text 99}}", "Señor 👩‍👩‍👧 Ångström"],
  ["{{upper data.text}}", "SEÑOR 👩‍👩‍👧 ÅNGSTRÖM"],
  ["{{json data.object}} {{json data.no}} {{json data.gone}}", '{"a":1} null null'],
  ["{{truncate data.text data.no}}", "Señor 👩‍👩‍👧 Ångström"],
  ["{{truncate data.text data.never}}", "Señor 👩‍👩‍👧 Ångström"],
  ["{{json (date data.time)}}", '"22 November 2026"'],
  ["{{eq (date data.time) (date data.day)}}", "true"],
  ["{{ne (date data.time) (date data.day)}}", "false"],
  ['{{default (link data.no) "-"}}', "-"],
  ['{{or (link data.no) "-"}}', "-"],
  ['{{date data.time style="utc"}}', "22 November 2026"],
  ['{{date data.never style="utc"}}', "soon"],
  ['{{date data.no style="utc"}}|', "|"],
  ['{{shared changes of="kind"}}|', "|"],
  ["{{shared data.same}}", "a"],
  ["{{shared data.none}}|", "|"],
  ['{{default data.no data.empty data.none "last"}}', "last"],
  ['{{default data.count "last"}}', "1234"],
  ["{{or data.no data.none data.day}}", "2026-11-22"],
  ["{{and data.day data.count}}", "1234"],
  ["{{and data.day data.empty data.count}}|", "|"],
  ["{{not data.none}} {{not data.day}}", "true false"],
  ['{{eq tone "good"}} {{ne tone "good"}}', "true false"],
  ["{{eq data.no data.gone}}", "true"],
  ["{{gt subscription.amount 100}} {{lt subscription.amount 100}}", "true false"],
  ["{{lt subscription.period_start subscription.period_end}}", "true"],
  ['{{gt data.count "5"}}', "false"],
  ["{{join data.list}}", "a and b"],
  ['{{join data.list ", "}}', "a, b"],
  ['{{join changes of="benefit.name"}}', "Downloads, License keys and SSO"],
  ['{{join changes of="group.name" kind="group.added"}}', "Enterprise"],
  ['{{join changes ", " of="benefit.name" kind="benefit.revoked"}}|', "|"],
  ["{{join data.no}}|", "|"],
  ['{{#if (eq change.kind "subscription.plan_changed")}}yes{{else}}no{{/if}}', "yes"],
  ['{{#if (and customer (gt subscription.amount 9999) (not (eq tone "bad")))}}yes{{/if}}', "yes"],
])("%s gives %s", async (template, expected) => {
  expect(plainText(await inlines(template))).toBe(expected);
});

describe("a time", () => {
  test.each([
    ["{{date data.time}}", "date", "2026-11-22T08:15:00.000Z", "22 November 2026"],
    [
      '{{date data.time style="datetime"}}',
      "datetime",
      "2026-11-22T08:15:00.000Z",
      "22 November 2026, 08:15 UTC",
    ],
    [
      "{{relative data.time}}",
      "relative",
      "2026-11-22T08:15:00.000Z",
      "22 November 2026, 08:15 UTC",
    ],
    ["{{date data.local}}", "date", "2026-11-22T10:15:00.000Z", "22 November 2026"],
    ["{{date data.day}}", "date", "2026-11-22T00:00:00.000Z", "22 November 2026"],
    [
      "{{date (default subscription.ends_at subscription.period_end)}}",
      "date",
      "2026-12-03T10:24:10.000Z",
      "3 December 2026",
    ],
  ])(
    "%s is shown by the platform, with a text beside it",
    async (template, style, time, fallback) => {
      expect(await inlines(template)).toEqual([{ type: "time", time, style, fallback }]);
    },
  );

  test("that is absent gives nothing", async () => {
    expect(await inlines("{{date data.no}}{{relative data.gone}}")).toEqual([]);
  });

  test("that is none is shown as it is", async () => {
    expect(await inlines("{{date data.never}}")).toEqual([{ type: "text", value: "soon" }]);
  });
});

describe("a link", () => {
  test("leads to its address and shows its label", async () => {
    expect(await inlines("{{link customer.url customer.name}}")).toEqual([
      {
        type: "link",
        url: "https://vendor.example/customers/cus_1",
        children: [{ type: "text", value: "Ada Lindqvist" }],
      },
    ]);
  });

  test("shows its address when it has no label", async () => {
    expect(plainText(await inlines("{{link customer.url}}"))).toBe(
      "https://vendor.example/customers/cus_1",
    );
  });

  test("to another protocol is its label alone", async () => {
    expect(await inlines("{{link data.evil customer.name}}")).toEqual([
      { type: "text", value: "Ada Lindqvist" },
    ]);
  });
});

describe("the table of helpers", () => {
  test("names what DESIGN promises", () => {
    expect([...HELPERS.keys()].toSorted()).toEqual(
      "date relative money plural truncate link upper json eq ne gt lt and or not default join shared"
        .split(" ")
        .toSorted(),
    );
  });

  test.each([...HELPERS])("describes %s in one sentence", (_name, helper) => {
    expect(helper.doc).toMatch(/^[A-Z].*\.$/s);
    expect(helper.params.length).toBeGreaterThan(0);
  });

  test("knows the kinds that join may keep", () => {
    expect(HELPERS.get("join")?.options["kind"]?.values).toBe(CHANGE_KINDS);
  });
});

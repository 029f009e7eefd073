import { expect, it } from "vitest";
import { PlainConfig } from "../../src/sources/plain/config.ts";
import { plain } from "../../src/sources/plain/index.ts";
import { PolarConfig } from "../../src/sources/polar/config.ts";
import { polar } from "../../src/sources/polar/index.ts";

const SECRETS = { secrets: ["s3cret"] };

const polarManner = (more: object = {}) =>
  polar.create("polar", PolarConfig.parse({ type: "polar", ...SECRETS, ...more })).manner;
const plainManner = (more: object = {}) =>
  plain.create("plain", PlainConfig.parse({ type: "plain", ...SECRETS, ...more })).manner;

it.each([
  { label: "Billing" },
  { organization: "northwind" },
  { meters: "all" },
  { names: { products: { "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": "Pro" } } },
  { names: { benefits: { "a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9": "Seats" } } },
])("a setting of Polar that messages show changes its manner: %j", (setting) => {
  expect(polarManner(setting)).not.toBe(polarManner());
});

it.each([{ label: "Support" }, { names: { users: { u_01H1V4NA10RMHWFBXB6A1ZBYRA: "Dana" } } }])(
  "a setting of Plain that messages show changes its manner: %j",
  (setting) => {
    expect(plainManner(setting)).not.toBe(plainManner());
  },
);

it("what only verifies has no part in a manner", () => {
  expect(polarManner({ tolerance: "1h", secrets: ["another"] })).toBe(polarManner());
  expect(plainManner({ tolerance: "1h", secrets: ["another"] })).toBe(plainManner());
});

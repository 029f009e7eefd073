import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatMoney } from "../../src/core/money.ts";

describe("formatMoney", () => {
  it.each([
    [4900, "usd", "$49.00"],
    [4905, "USD", "$49.05"],
    [-4900, "usd", "-$49.00"],
    [123_456_789, "eur", "€1,234,567.89"],
    [1200, "krw", "₩1,200"],
    [1200, "jpy", "¥1,200"],
    [1234, "kwd", "KWD\u00A01.234"],
    [4900, "all", "ALL\u00A049.00"],
    [4900, "cop", "COP\u00A049.00"],
    [4900, "huf", "HUF\u00A049.00"],
    [4900, "idr", "IDR\u00A049.00"],
    [4900, "isk", "ISK\u00A049.00"],
    [4900, "lak", "LAK\u00A049.00"],
    [4900, "pkr", "PKR\u00A049.00"],
    [4900, "sos", "SOS\u00A049.00"],
    [4900, "yer", "YER\u00A049.00"],
  ])(
    "writes %d minor units of %s with as many digits as Polar counts minor units",
    (amount, currency, text) => {
      expect(formatMoney(amount, currency)).toBe(text);
    },
  );

  it("writes amounts the way of another locale", () => {
    expect(formatMoney(4900, "eur", "de-DE")).toBe("49,00\u00A0€");
  });

  it("writes a currency that nobody knows by its code", () => {
    expect(formatMoney(4900, "qqq")).toBe("QQQ\u00A049.00");
  });

  it("leaves minor units as they are when the currency is no code at all", () => {
    expect(formatMoney(4900, "points")).toBe("4900 points");
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.double(), fc.string(), (amount, currency) => {
        expect(formatMoney(amount, currency)).not.toBe("");
      }),
    );
  });
});

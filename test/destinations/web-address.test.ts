import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLoopback, pageAddress, webAddress } from "../../src/destinations/web-address.ts";

describe("an address that may be linked", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    [" https://EXAMPLE.com/a b ", "https://example.com/a%20b"],
    ['https://example.com/a|b(c)?d=<e>#"f"', "https://example.com/a%7Cb%28c%29?d=%3Ce%3E#%22f%22"],
    ["https://example.com/100%?a=%zz&b=%20", "https://example.com/100%25?a=%25zz&b=%20"],
    ["https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"],
    ["mailto:a@example.com", "mailto:a@example.com"],
  ])("%j is written as %s", (text, expected) => {
    expect(webAddress(text, 100)).toBe(expected);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "/relative",
    "",
    "https://good.example@evil.example",
  ])("is not %j", (text) => {
    expect(webAddress(text, 100)).toBeNull();
  });

  it("is no longer than asked for", () => {
    expect(webAddress("https://example.com/abc", 23)).not.toBeNull();
    expect(webAddress("https://example.com/abcd", 23)).toBeNull();
  });

  it("is no mail address where a page is wanted", () => {
    expect(pageAddress("mailto:a@example.com", 100)).toBeNull();
  });

  it("never holds what ends a link", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (tail) => {
        expect(webAddress(`https://example.com/${tail}`, 10_000) ?? "").not.toMatch(/[\s<>|()"\\]/);
      }),
    );
  });
});

describe("loopback", () => {
  it.each([
    ["http://127.0.0.1:1/", true],
    ["http://127.8.8.8/", true],
    ["http://localhost:1/", true],
    ["http://[::1]:1/", true],
    ["http://127.0.0.1.evil.example/", false],
    ["http://localhost.evil.example/", false],
    ["http://10.0.0.1/", false],
  ])("%s: %s", (address, expected) => {
    expect(isLoopback(new URL(address))).toBe(expected);
  });
});

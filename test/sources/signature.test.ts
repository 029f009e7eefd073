import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyEqual, decodeBase64, hmac, signingKey } from "../../src/sources/signature.ts";

describe("hmac", () => {
  it("gives the value of RFC 4231, test case 2, in one part or in several", () => {
    const key = signingKey(Buffer.from("Jefe"));
    const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    expect(hmac(key, "what do ya want for nothing?").toString("hex")).toBe(expected);
    expect(hmac(key, "what do ya ", Buffer.from("want for nothing?")).toString("hex")).toBe(
      expected,
    );
  });
});

describe("anyEqual", () => {
  it("finds one that is on both sides", () => {
    expect(anyEqual(["a", "b"], ["c", "b"])).toBe(true);
  });

  it.each([
    [[], ["a"]],
    [["a"], []],
    [["a"], ["A"]],
    [["a"], ["ab"]],
  ])("finds none in %j and %j", (given, expected) => {
    expect(anyEqual(given, expected)).toBe(false);
  });
});

describe("decodeBase64", () => {
  it("gives back the bytes of whatever was encoded", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const text = Buffer.from(bytes).toString("base64");
        expect(decodeBase64(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each(["", "=", "!!!!", "YWI", "YWI==", "YWJ=", "YW I=", "-_-_", "YWI=\n"])(
    "refuses %j",
    (text) => {
      expect(decodeBase64(text)).toBeUndefined();
    },
  );
});

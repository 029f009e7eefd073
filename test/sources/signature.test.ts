import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeBase64, hmac, Keys, signingKey } from "../../src/sources/signature.ts";

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

describe("keys", () => {
  const [first, second] = [signingKey(Buffer.from("first")), signingKey(Buffer.from("second"))];
  const name = (key: unknown) => (key === first ? "a" : "b");

  it.each([[["b"]], [["c", "a"]], [["b", "b"]]])(
    "have signed %j, in which one of theirs is",
    (given) => {
      expect(new Keys([first, second]).signed(given, name)).toBe(true);
    },
  );

  it.each([[[]], [["A"]], [["ab"]], [["c", ""]]])("have not signed %j", (given) => {
    expect(new Keys([first, second]).signed(given, name)).toBe(false);
  });

  it("have signed nothing where there are none", () => {
    expect(new Keys([]).signed(["a"], name)).toBe(false);
  });

  it("are tried from the one on that last signed, and all of them", () => {
    const keys = new Keys([first, second]);
    const tried: string[] = [];
    const trying = (key: unknown) => {
      tried.push(name(key));
      return name(key);
    };
    const signed = ["b", "b", "a", "c"].map((given) => keys.signed([given], trying));

    expect(signed).toEqual([true, true, true, false]);
    expect(tried).toEqual(["a", "b", "b", "b", "a", "a", "b"]);
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

import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { polarSource } from "./states.ts";

const NOW = new Date("2026-11-22T10:00:00Z");
const SECONDS = String(NOW.getTime() / 1_000);
const STANDARD = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
const body = Buffer.from("{}");

function signed(key: string | Buffer, timestamp = SECONDS): string {
  return `v1,${createHmac("sha256", key).update(`msg_1.${timestamp}.{}`).digest("base64")}`;
}

function verify(secrets: string[], signature: string, timestamp = SECONDS) {
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": timestamp,
    "webhook-signature": signature,
  };
  return polarSource({ secrets }).verify({ headers, body }, NOW);
}

const AUTHENTIC = { authentic: true, key: "msg_1" };
const MISMATCH = { authentic: false, reason: "mismatch" };

describe("a webhook that says it is from Polar", () => {
  it("may be signed with the text of the secret or with the bytes in it", () => {
    expect(verify([STANDARD], signed(STANDARD))).toEqual(AUTHENTIC);
    expect(verify([STANDARD], signed(Buffer.from(STANDARD.slice(6), "base64")))).toEqual(AUTHENTIC);
  });

  it("may be signed with the bytes of a secret that lacks its prefix", () => {
    const bare = STANDARD.slice(6);

    expect(verify([bare], signed(Buffer.from(bare, "base64")))).toEqual(AUTHENTIC);
  });

  it("may carry several signatures, also of versions that nobody knows", () => {
    const signatures = `v1a,AAAA v2,${signed("s").slice(3)} ${signed("other")} ${signed("s")}`;

    expect(verify(["s"], signatures)).toEqual(AUTHENTIC);
  });

  it("is not signed by a signature of another version", () => {
    expect(verify(["s"], `v2,${signed("s").slice(3)}`)).toEqual(MISMATCH);
  });

  it.each(["whsec_", "whsec_!!!!", "whsec_===="])(
    "cannot be signed with an empty key when the secret is %s",
    (secret) => {
      expect(verify([secret], signed(Buffer.of()))).toEqual(MISMATCH);
    },
  );

  it("is not signed by what a lenient decoder makes of a secret", () => {
    const sloppy = `${STANDARD.slice(0, -1)}!`;

    expect(verify([sloppy], signed(Buffer.from(sloppy.slice(6), "base64")))).toEqual(MISMATCH);
  });

  it.each(["12ab", "1e9", "-1", " 1", "1.5", "0x10"])(
    "needs a timestamp of digits only, not %j",
    (timestamp) => {
      expect(verify(["s"], signed("s", timestamp), timestamp)).toEqual(MISMATCH);
    },
  );

  it("is stale with a timestamp beyond all clocks", () => {
    const timestamp = "9".repeat(400);

    expect(verify(["s"], signed("s", timestamp), timestamp)).toEqual({
      authentic: false,
      reason: "stale",
    });
  });

  it.each(["webhook-id", "webhook-timestamp", "webhook-signature"])(
    "needs the header %s",
    (name) => {
      const source = polarSource();
      const headers = { ...source.sign(body, NOW, "msg_1"), [name]: "" };

      expect(source.verify({ headers, body }, NOW)).toEqual({
        authentic: false,
        reason: "missing",
      });
    },
  );

  it("is held to the tolerance of the config", () => {
    const source = polarSource({ tolerance: "10s" });
    const headers = source.sign(body, NOW, "msg_1");

    const soon = source.verify({ headers, body }, new Date(NOW.getTime() + 10_000));
    const late = source.verify({ headers, body }, new Date(NOW.getTime() + 11_000));

    expect(soon).toEqual(AUTHENTIC);
    expect(late).toEqual({ authentic: false, reason: "stale" });
  });

  it("is refused, not waved through, when our clock is broken", () => {
    const source = polarSource();
    const headers = source.sign(body, NOW, "msg_1");

    expect(source.verify({ headers, body }, new Date(Number.NaN))).toMatchObject({
      authentic: false,
    });
  });
});

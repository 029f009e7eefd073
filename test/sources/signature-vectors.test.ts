import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { SOURCE_TYPES } from "../../src/sources/index.ts";
import type { Source, Webhook } from "../../src/sources/source.ts";
import vectors from "../fixtures/signature-vectors.json" with { type: "json" };
import { bodyOf, samplePayload } from "./samples.ts";

interface Vector {
  readonly source: Source;
  readonly webhook: Webhook;
  readonly now: Date;
  readonly key: string;
  readonly bodySha256: string;
}

const { polar, plain } = vectors;

function polarVector(scheme: "legacy" | "legacy_polar_whs" | "standard"): Vector {
  const { secret, signature } = polar[scheme];
  const config = SOURCE_TYPES.polar.config.parse({ type: "polar", secrets: [secret] });
  return {
    source: SOURCE_TYPES.polar.create("polar", config),
    webhook: {
      headers: {
        "webhook-id": polar.webhook_id,
        "webhook-timestamp": String(polar.webhook_timestamp),
        "webhook-signature": signature,
      },
      body: bodyOf(samplePayload(polar.payload_file)),
    },
    now: new Date(polar.webhook_timestamp * 1_000),
    key: polar.webhook_id,
    bodySha256: polar.body_sha256,
  };
}

function plainVector(): Vector {
  const config = SOURCE_TYPES.plain.config.parse({ type: "plain", secrets: [plain.secret] });
  return {
    source: SOURCE_TYPES.plain.create("plain", config),
    webhook: {
      headers: { [plain.header.toLowerCase()]: plain.signature },
      body: bodyOf(samplePayload(plain.payload_file)),
    },
    now: new Date("2026-11-19T16:58:33Z"),
    key: "pEv_01HD4DZQ153AE8FK17TFJ7PC01",
    bodySha256: plain.body_sha256,
  };
}

describe.each([
  ["Polar's old secrets", polarVector("legacy")],
  ["Polar's oldest secrets", polarVector("legacy_polar_whs")],
  ["Polar's secrets since September 2026", polarVector("standard")],
  ["Plain's secrets", plainVector()],
])("the vector of %s", (_name, { source, webhook, now, key, bodySha256 }) => {
  it("is of the body that it was made from", () => {
    expect(createHash("sha256").update(webhook.body).digest("hex")).toBe(bodySha256);
  });

  it("verifies", () => {
    expect(source.verify(webhook, now)).toEqual({ authentic: true, key });
  });

  it.each(Object.keys(webhook.headers))("is refused with any one bit of %s flipped", (header) => {
    const text = webhook.headers[header] ?? "";

    for (let bit = 0; bit < text.length * 8; bit++) {
      const headers = {
        ...webhook.headers,
        [header]: flipped(Buffer.from(text), bit).toString("latin1"),
      };
      expect(source.verify({ ...webhook, headers }, now), `bit ${bit}`).toEqual({
        authentic: false,
        reason: "mismatch",
      });
    }
  });

  it("is refused with any one bit of the body flipped", () => {
    // One bit of each byte, another one from byte to byte.
    for (let index = 0; index < webhook.body.length; index++) {
      const body = flipped(webhook.body, index * 8 + (index % 8));
      expect(source.verify({ ...webhook, body }, now), `byte ${index}`).toEqual({
        authentic: false,
        reason: "mismatch",
      });
    }
  });

  it("is what the source itself would sign", () => {
    const headers = source.sign(webhook.body, now, polar.webhook_id);

    expect(headers).toMatchObject(webhook.headers);
  });
});

function flipped(bytes: Uint8Array, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = bit >> 3;
  copy[index] = (copy[index] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

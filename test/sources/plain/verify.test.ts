import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { bodyOf, sampleBody } from "../samples.ts";
import { plainSource } from "./workspace.ts";

const NOW = new Date("2026-11-19T16:58:33Z");
const source = plainSource();

function verify(body: Uint8Array, headers: Record<string, string> = {}) {
  const signed = source.sign(body, NOW, "pEv_header");
  return source.verify({ body, headers: { ...signed, ...headers } }, NOW);
}

describe("a webhook that says it is from Plain", () => {
  it("is known by the id in its body, whatever its header says", () => {
    const verdict = verify(sampleBody("plain/group-added.json"), { "plain-event-id": "pEv_other" });

    expect(verdict).toEqual({ authentic: true, key: "pEv_01HD4DZQ153AE8FK17TFJ7PC01" });
  });

  it.each([
    ["is no JSON", Buffer.from("not JSON")],
    ["has none", bodyOf({ id: 7 })],
  ])("is known by its bytes when its body %s, as nobody signed its header", (_case, body) => {
    expect(verify(body, { "plain-event-id": "pEv_other" })).toEqual({
      authentic: true,
      key: `sha256:${createHash("sha256").update(body).digest("hex")}`,
    });
  });

  it.each([
    ["nothing", { id: "pEv_1" }],
    ["no text", { id: "pEv_1", webhookMetadata: { webhookDeliveryAttemptTimestamp: 7 } }],
    ["no time", { id: "pEv_1", webhookMetadata: { webhookDeliveryAttemptTimestamp: "soon" } }],
  ])("is authentic though its time of delivery is %s, so that it is kept", (_case, payload) => {
    expect(verify(bodyOf(payload))).toEqual({ authentic: true, key: "pEv_1" });
  });

  it("is refused with its signature in upper case, which Plain never sends", () => {
    const body = sampleBody("plain/group-added.json");
    const signature = source.sign(body, NOW, "pEv_1")["plain-request-signature"] ?? "";

    const verdict = verify(body, { "plain-request-signature": signature.toUpperCase() });

    expect(verdict).toEqual({ authentic: false, reason: "mismatch" });
  });

  it("is held to the tolerance of the config", () => {
    const strict = plainSource({ tolerance: "10s" });
    const body = strict.refresh(sampleBody("plain/group-added.json"), NOW);
    const webhook = { body, headers: strict.sign(body, NOW, "pEv_1") };

    const soon = strict.verify(webhook, new Date(NOW.getTime() + 10_000));
    const late = strict.verify(webhook, new Date(NOW.getTime() + 10_001));

    expect(soon).toMatchObject({ authentic: true });
    expect(late).toEqual({ authentic: false, reason: "stale" });
  });
});

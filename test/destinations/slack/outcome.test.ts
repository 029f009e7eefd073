import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SLACK_ERRORS } from "../../../src/destinations/slack/errors.ts";
import {
  answeredOutcome,
  failedOutcome,
  MESSAGE_LIMIT_WAIT_MS,
  webhookOutcome,
} from "../../../src/destinations/slack/outcome.ts";
import { DOCUMENTED_ERRORS } from "./documented-errors.ts";

describe("the outcome of a call to Slack", () => {
  it.each([
    ["token_revoked", { kind: "rejected", scope: "account" }],
    ["ekm_access_denied", { kind: "rejected", scope: "account" }],
    ["is_archived", { kind: "rejected", scope: "lane" }],
    ["msg_blocks_too_long", { kind: "rejected", scope: "message" }],
    ["internal_error", { kind: "unknown" }],
    ["duplicate_message_not_found", { kind: "unknown" }],
    ["request_timeout", { kind: "retry", scope: "lane" }],
    ["message_limit_exceeded", { kind: "retry", scope: "account", afterMs: MESSAGE_LIMIT_WAIT_MS }],
    ["rate_limited", { kind: "retry", scope: "account" }],
  ])("of %s is known", (code, expected) => {
    expect(failedOutcome(refusal({ error: code }))).toMatchObject({ ...expected, reason: {} });
  });

  it("waits as long as a refusal with a wait says", () => {
    const outcome = failedOutcome(
      refusal({ error: "ratelimited", response_metadata: { retryAfter: 3 } }),
    );

    expect(outcome).toMatchObject({ kind: "retry", afterMs: 3_000 });
  });

  it("names the missing scope, and where blocks are wrong", () => {
    const scope = failedOutcome(refusal({ error: "missing_scope", needed: "chat:write" }));
    const blocks = failedOutcome(
      refusal({
        error: "invalid_blocks",
        response_metadata: { messages: ["[ERROR] too long [json-pointer:/blocks/0/text]"] },
      }),
    );

    expect(scope).toMatchObject({
      reason: { text: expect.stringContaining("It needs chat:write.") },
    });
    expect(blocks).toMatchObject({
      reason: { text: "Slack refused the message. too long [json-pointer:/blocks/0/text]." },
    });
  });

  it("does not know what an answer without a ts means", () => {
    expect(answeredOutcome({ ok: true })).toMatchObject({ kind: "unknown" });
  });

  it.each([
    ["a name that does not resolve", Object.assign(new Error("x"), { code: "ENOTFOUND" }), "retry"],
    ["a bad certificate", Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" }), "retry"],
    [
      "a connection that is never made",
      Object.assign(new Error("x"), { code: "ETIMEDOUT", syscall: "connect" }),
      "retry",
    ],
    [
      "a read that stalls",
      Object.assign(new Error("x"), { code: "ETIMEDOUT", syscall: "read" }),
      "unknown",
    ],
    ["a network that cannot be reached", failed("ENETUNREACH", "connect"), "retry"],
    ["a network that is lost in a read", failed("ENETDOWN", "read"), "unknown"],
    ["a host that is lost in a read", failed("EHOSTUNREACH", "read"), "unknown"],
    ["a connection that TLS gives up in a write", failed("EPROTO", "write"), "unknown"],
    ["a record that is damaged", failed("ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC"), "unknown"],
    ["a handshake that is refused", failed("ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE"), "retry"],
    [
      "a host with no address that can be reached",
      Object.assign(
        new AggregateError([failed("ENETUNREACH", "connect"), failed("ETIMEDOUT", "connect")], "x"),
        { code: "ENETUNREACH" },
      ),
      "retry",
    ],
  ])("looks for %s behind the SDK's error", (_, cause, kind) => {
    const error = new Error("request failed", { cause: new TypeError("fetch failed", { cause }) });

    expect(failedOutcome(error).kind).toBe(kind);
  });
});

describe("the outcome of an incoming webhook", () => {
  it.each([
    [200, "ok", { kind: "delivered" }],
    [200, "<html>", { kind: "unknown" }],
    [302, "", { kind: "unknown" }],
    [403, "posting_to_general_channel_denied", { kind: "rejected", scope: "lane" }],
    [400, "no_text", { kind: "rejected", scope: "message" }],
    [400, "something new", { kind: "rejected", scope: "message" }],
  ])("that answers %i %j is known", (status, body, expected) => {
    expect(webhookOutcome(status, body, null)).toMatchObject(expected);
  });
});

describe("Slack's error codes", () => {
  const folder = process.env["VENDOR_SCHEMAS"];

  it("are each in one class", () => {
    expect(SLACK_ERRORS.size).toBe(72);
    expect([...SLACK_ERRORS.keys()].every((code) => /^[a-z_]+$/.test(code))).toBe(true);
  });

  it("are all classified that Slack documents", () => {
    const unclassified = DOCUMENTED_ERRORS.filter((code) => !SLACK_ERRORS.has(code));

    expect(DOCUMENTED_ERRORS).toHaveLength(66);
    expect(unclassified).toEqual([]);
  });

  it.each(DOCUMENTED_ERRORS)("tell what %s comes to, with the code in the reason", (code) => {
    const outcome = failedOutcome(refusal({ error: code }));

    expect(outcome).toMatchObject({ reason: { code } });
    expect(KINDS[SLACK_ERRORS.get(code) ?? "unclassified"]).toContain(outcome.kind);
  });

  // The vendor's list is not part of the project: who has it names its folder.
  if (folder !== undefined) {
    it("are listed here as the vendor lists them", () => {
      const path = `${folder}/slack-postmessage-errors.json`;
      const { errors } = JSON.parse(readFileSync(path, "utf8")) as { errors: object };

      expect(Object.keys(errors).toSorted()).toEqual(DOCUMENTED_ERRORS.toSorted());
    });
  }
});

/** An error as the system makes one. */
function failed(code: string, syscall?: string): Error {
  return Object.assign(new Error("x"), { code, ...(syscall !== undefined && { syscall }) });
}

/** What the outcomes of each class may be. */
const KINDS: { readonly [kind: string]: readonly string[] } = {
  account: ["rejected"],
  channel: ["rejected"],
  message: ["rejected"],
  metadata: ["rejected"],
  retry: ["retry"],
  unknown: ["unknown"],
};

/** An error as the SDK makes one of an answer `ok: false`. */
function refusal(data: object): Error {
  return Object.assign(new Error("An API error occurred"), {
    code: "slack_webapi_platform_error",
    data: { ok: false, ...data },
  });
}

import { describe, expect, it } from "vitest";
import { refresh } from "../../../src/sources/plain/refresh.ts";
import { sampleBody } from "../samples.ts";

const NOW = new Date("2026-12-24T18:00:00.000Z");

describe("a body from Plain made fresh", () => {
  it("differs in the time of its delivery attempt and in nothing else", () => {
    const body = sampleBody("plain/group-added-2023.json");

    const renewed = Buffer.from(refresh(body, NOW)).toString();

    expect(renewed).toBe(
      body.toString().replace("2023-02-21T12:58:51.729Z", "2026-12-24T18:00:00.000Z"),
    );
  });

  it("keeps what merely looks like that time, every number and every character", () => {
    const [before, after] = ["2020-01-01T00:00:00Z", "2026-12-24T18:00:00.000Z"].map((time) =>
      Buffer.from(
        String.raw`{"n":1.0,"note":"é \"webhookDeliveryAttemptTimestamp\":\"2020-01-01T00:00:00Z\"","webhookDeliveryAttemptTimestamp":"2020-01-01T00:00:00Z", "webhookMetadata" : {"webhookDeliveryAttemptTimestamp" : "${time}"}}`,
      ),
    );

    expect(Buffer.from(refresh(before ?? Buffer.of(), NOW))).toEqual(after);
  });

  it.each(["not JSON", "{}", '{"webhookMetadata":{}}', '{"webhookDeliveryAttemptTimestamp":"x"}'])(
    "is left as it is when it is %s",
    (text) => {
      const body = Buffer.from(text);

      expect(refresh(body, NOW)).toEqual(body);
    },
  );
});

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../src/core/json.ts";
import { sampleBody, sampleNames, samplePayload } from "./samples.ts";

describe("the samples", () => {
  it("hold the example of Plain's page of 2023 byte for byte", () => {
    const digest = createHash("sha256").update(sampleBody("plain/group-added-2023.json"));

    expect(digest.digest("hex")).toBe(
      "7384880635cb35c33532f5bb3cc14b1d2c8db63821e137a6c655b214876790f6",
    );
  });

  it("hold no customer with a real address", () => {
    const texts = ["polar", "plain"].flatMap((type) =>
      sampleNames(type).map((name) => sampleBody(`${type}/${name}`).toString()),
    );

    const addresses = texts.flatMap((text) => text.match(/[\w.]+@[\w.]+/g) ?? []);

    expect(addresses).not.toEqual([]);
    for (const address of addresses) expect(address).toMatch(/@(northwind\.example|example\.com)$/);
  });
});

const schemas = process.env["VENDOR_SCHEMAS"];

// The vendors' schemas are not ours to ship: these tests exist where a checkout has them.
if (schemas !== undefined) {
  const read = (file: string) =>
    JSON.parse(readFileSync(path.join(schemas, file), "utf8")) as JsonObject;

  describe("the samples from Polar", () => {
    it.each([
      "polar-customer.state_changed.2026-10.schema.json",
      "polar-customer.state_changed.derived.schema.json",
    ])("are of %s", (file) => {
      const ajv = new Ajv2020({ strict: false });
      addFormats.default(ajv);
      ajv.addFormat("uuid4", /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      const validate = ajv.compile(read(file));

      const states = sampleNames("polar").filter(
        (name) => samplePayload(`polar/${name}`)["type"] === "customer.state_changed",
      );
      expect(states.length).toBeGreaterThan(5);
      for (const name of states)
        expect([name, validate(samplePayload(`polar/${name}`)), validate.errors]).toEqual([
          name,
          true,
          null,
        ]);
    });
  });

  describe("the samples from Plain", () => {
    it.each(["plain-webhook.2026-04-21.schema.json", "plain-webhook.2026-03-13.schema.json"])(
      "are of %s, but for the one of 2023",
      (file) => {
        const ajv = new Ajv({ strict: false });
        addFormats.default(ajv);
        const validate = ajv.compile(withoutVersion(read(file)));

        const fitting = sampleNames("plain").filter((name) =>
          validate(samplePayload(`plain/${name}`)),
        );

        expect(fitting.toSorted()).toEqual(["group-added.json", "group-removed.json"]);
      },
    );
  });
}

/** Each of Plain's schemas takes only its own version; the samples are of one of them. */
function withoutVersion(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema, liftVersion)) as JsonObject;
}

function liftVersion(key: string, value: Json): Json {
  return key === "webhookTargetVersion" ? {} : value;
}

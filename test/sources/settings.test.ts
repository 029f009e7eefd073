import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/core/json.ts";
import { SOURCE_TYPES } from "../../src/sources/index.ts";

describe.each(Object.values(SOURCE_TYPES))("the settings of type $type", ({ type, config }) => {
  const read = (given: JsonObject) => config.safeParse({ type, secrets: ["secret"], ...given });
  const messages = (given: JsonObject) => read(given).error?.issues.map((issue) => issue.message);

  it("need no more than a secret, which is never printed", () => {
    const settings = config.parse({ type, secrets: ["secret"] });

    expect(settings.tolerance).toBe(300_000);
    expect(inspect(settings) + JSON.stringify(settings)).not.toContain('"secret"');
    expect(settings.secrets[0].reveal()).toBe("secret");
  });

  it("may call the source otherwise than its vendor", () => {
    expect(messages({ label: "Billing" })).toBeUndefined();
    expect(messages({ label: "" })).toHaveLength(1);
  });

  it.each(["", "  "])("refuse %j for a secret, and say where to find one", (secret) => {
    expect(messages({ secrets: [secret] })).toEqual([
      expect.stringMatching(/^The secret is empty\. Copy it from .+, or set the variable/),
    ]);
  });

  it("refuse to do without a secret", () => {
    expect(messages({ secrets: [] })).toEqual([
      expect.stringMatching(/^At least one secret is needed\. Copy it from .+\.$/),
    ]);
  });

  it.each(["5", "0s", "999ms", "25h", "five minutes"])("refuse %j for a tolerance", (tolerance) => {
    expect(messages({ tolerance })).toEqual([
      "must be a duration from 1s to 1d: a whole number and a unit, such as `300s` or `5m`.",
    ]);
  });

  it("refuse keys that they do not know", () => {
    expect(read({ secret: "x" }).error?.issues).toMatchObject([
      { code: "unrecognized_keys", keys: ["secret"] },
    ]);
  });
});

describe("a source", () => {
  const { create, config } = SOURCE_TYPES.plain;

  it("goes by its vendor's name unless the config has another", () => {
    const vendors = create("support", config.parse({ type: "plain", secrets: ["s"] }));
    const ours = create(
      "support",
      config.parse({ type: "plain", secrets: ["s"], label: "Support" }),
    );

    expect(vendors).toMatchObject({ name: "support", type: "plain", label: "Plain" });
    expect(ours).toMatchObject({ name: "support", type: "plain", label: "Support" });
  });
});

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { PayloadError } from "../../src/core/error.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { conform, listOf, readJson } from "../../src/sources/payload.ts";

describe("readJson", () => {
  it.each([
    ["nothing", Buffer.of()],
    ["half a payload", Buffer.from('{"type":"order')],
    ["bytes that are not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
    ["a list", Buffer.from("[]")],
    ["null", Buffer.from("null")],
    ["a text", Buffer.from('"ada@northwind.example"')],
  ])("refuses %s", (_case, body) => {
    expect(() => readJson(body)).toThrow(PayloadError);
  });

  it("does not quote the body in its errors, nor in their causes", () => {
    let printed = "";
    try {
      readJson(Buffer.from("ada@northwind.example"));
    } catch (error) {
      printed = inspect(error);
    }

    expect(printed).toContain("The body is not JSON in UTF-8.");
    expect(printed).not.toContain("ada");
  });
});

describe("conform", () => {
  const schema = z.object({ id: z.string(), list: z.array(z.object({ amount: z.number() })) });

  it("reads a payload by each schema once", () => {
    const payload = { id: "c1", list: [] };

    const first = conform(schema, payload);
    const other = conform(z.object({ id: z.string() }), payload);

    expect(conform(schema, payload)).toBe(first);
    expect(other).toEqual({ id: "c1" });
    expect(conform(schema, { ...payload })).not.toBe(first);
  });

  it("names every path that does not fit, and no value", () => {
    const payload = { id: 7, list: [{ amount: 1 }, { amount: "ada@northwind.example" }] };

    expect(() => conform(schema, payload)).toThrow(
      expect.objectContaining({
        message: "The payload does not fit its schema at id, list[1].amount.",
        paths: ["id", "list[1].amount"],
      }),
    );
  });

  it("names no key that the payload chose, however deep", () => {
    const amounts = z.record(z.string(), z.object({ amount: z.number() }));
    const Item = z
      .object({
        id: z.string(),
        metadata: amounts.nullish(),
        rest: z.looseObject({ id: z.string() }),
      })
      .transform((item) => item);
    const deep = z.object({
      metadata: amounts.default({}),
      list: listOf(Item),
      plain: z.array(Item),
    });
    const chosen = { "ada@northwind.example": { amount: "much" }, grace: { amount: "little" } };
    const item = { id: 7, metadata: chosen, rest: { id: 7, grace: 1 } };

    const paths = misfits(deep, { metadata: chosen, list: [item], plain: [item] });

    expect(paths).toEqual([
      "metadata.*.amount",
      "list[0].id",
      "list[0].metadata.*.amount",
      "list[0].rest.id",
      "plain[0].id",
      "plain[0].metadata.*.amount",
      "plain[0].rest.id",
    ]);
  });

  it("names no key of a place that it cannot look into", () => {
    const either = z.discriminatedUnion("type", [
      z.object({ type: z.literal("a"), names: z.record(z.string(), z.string()) }),
    ]);

    const paths = misfits(z.object({ either }), {
      either: { type: "a", names: { "ada@northwind.example": 7 } },
    });

    expect(paths).toEqual(["either.*.*"]);
  });

  it("names the first five paths and counts the others", () => {
    const fields = ["a", "b", "c", "d", "e", "f", "g"];
    const strict = z.object(Object.fromEntries(fields.map((field) => [field, z.string()])));

    expect(() => conform(strict, {})).toThrow(
      expect.objectContaining({
        message: "The payload does not fit its schema at a, b, c, d, e and 2 more.",
        paths: fields,
      }),
    );
  });

  it("stops at twenty paths of a list that does not fit at all", () => {
    const long = z.object({ list: listOf(z.object({ id: z.string() })) });
    const paths = Array.from({ length: 20 }, (_, index) => `list[${index}].id`);

    expect(() => conform(long, { list: Array.from({ length: 300_000 }, () => ({})) })).toThrow(
      expect.objectContaining({
        message: `The payload does not fit its schema at ${paths.slice(0, 5).join(", ")} and 15 more.`,
        paths,
      }),
    );
  });

  it("reads a list that fits", () => {
    const list = z.object({ list: listOf(z.string().toUpperCase()) });

    expect(conform(list, { list: ["a", "b"] })).toEqual({ list: ["A", "B"] });
  });

  it("lets fields pass that nobody reads", () => {
    expect(conform(schema, { id: "a", list: [], news: true })).toEqual({ id: "a", list: [] });
  });
});

function misfits(schema: z.ZodType, payload: JsonObject): readonly string[] {
  try {
    conform(schema, payload);
  } catch (error) {
    if (error instanceof PayloadError) return error.paths;
  }
  throw new Error("The payload fits.");
}

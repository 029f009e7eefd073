import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byWeight } from "../../src/core/change.ts";
import { PayloadError } from "../../src/core/error.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import { SOURCE_TYPES } from "../../src/sources/index.ts";
import type { Source, SourceType, ToldKind } from "../../src/sources/source.ts";
import { bodyOf, sampleBody, sampleNames, samplePayload } from "./samples.ts";
import { undeclared } from "./undeclared.ts";

const NOW = new Date("2026-11-22T10:00:00Z");
const OLDEST = new Date(NOW.getTime() - 300_000);
const TOO_OLD = new Date(NOW.getTime() - 301_000);
const NEWEST = new Date(NOW.getTime() + 300_000);
const TOO_NEW = new Date(NOW.getTime() + 301_000);

/** What every type of source must do, shown on its samples. */
export function conforms(
  type: keyof typeof SOURCE_TYPES,
  create: (secrets: readonly string[]) => Source,
): void {
  const names = sampleNames(type);
  const source = create(["first secret"]);
  const attempt = (name: string, at: Date, by = source) => {
    const body = by.refresh(sampleBody(`${type}/${name}`), at);
    return { body, headers: by.sign(body, at, "msg_1") };
  };

  describe(`a source of type ${type}`, () => {
    it("comes with samples", () => {
      expect(names).not.toEqual([]);
    });

    it("has a manner of telling that its secrets have no part in", () => {
      const { manner } = create(["another secret"]);

      expect(manner).toBe(source.manner);
      expect(manner).not.toContain("secret");
    });

    it.each(names)("takes %s as its vendor would send it", (name) => {
      const verdict = source.verify(attempt(name, NOW), NOW);

      expect(verdict).toMatchObject({ authentic: true });
    });

    it.each(names)("gives %s the same key on every attempt", (name) => {
      const first = source.verify(attempt(name, NOW), NOW);
      const second = source.verify(attempt(name, NEWEST), NEWEST);

      expect(second).toEqual(first);
    });

    it.each(names)("refuses %s without headers", (name) => {
      const { body } = attempt(name, NOW);

      expect(source.verify({ body, headers: {} }, NOW)).toEqual({
        authentic: false,
        reason: "missing",
      });
    });

    it.each(names)("refuses %s under another secret", (name) => {
      const webhook = attempt(name, NOW, create(["another secret"]));

      expect(source.verify(webhook, NOW)).toEqual({ authentic: false, reason: "mismatch" });
    });

    it.each(names)("takes %s under any of several secrets while one is rotated", (name) => {
      const rotating = create(["newest secret", "first secret", "oldest secret"]);

      const verdict = rotating.verify(attempt(name, NOW), NOW);

      expect(verdict).toMatchObject({ authentic: true });
    });

    it.each(names)("takes %s at both ends of the tolerance", (name) => {
      expect(source.verify(attempt(name, OLDEST), NOW)).toMatchObject({ authentic: true });
      expect(source.verify(attempt(name, NEWEST), NOW)).toMatchObject({ authentic: true });
    });

    it.each(names)("refuses %s from before or after the tolerance", (name) => {
      const stale = { authentic: false, reason: "stale" };

      expect(source.verify(attempt(name, TOO_OLD), NOW)).toEqual(stale);
      expect(source.verify(attempt(name, TOO_NEW), NOW)).toEqual(stale);
    });

    it.each(names)("refuses %s cut short anywhere", (name) => {
      const { body, headers } = attempt(name, NOW);

      fc.assert(
        fc.property(fc.nat({ max: body.length - 1 }), (length) => {
          const cut = { headers, body: body.subarray(0, length) };
          expect(source.verify(cut, NOW)).toEqual({ authentic: false, reason: "mismatch" });
        }),
      );
    });

    it("never throws over a webhook, whatever its headers and its body", () => {
      const known = Object.keys(source.sign(new Uint8Array(), NOW, "msg_1"));
      const headers = fc.dictionary(fc.oneof(fc.constantFrom(...known), fc.string()), anyText());

      fc.assert(
        fc.property(headers, fc.uint8Array(), (given, body) => {
          expect(source.verify({ headers: given, body }, NOW)).toMatchObject({ authentic: false });
        }),
      );
    });

    it("finds a key for a signed body, whatever it holds", () => {
      const bodies = fc.oneof(fc.uint8Array(), fc.jsonValue().map(bodyOf));

      fc.assert(
        fc.property(bodies, (body) => {
          const verdict = source.verify({ body, headers: source.sign(body, NOW, "msg_1") }, NOW);
          expect(verdict).toMatchObject({ authentic: true, key: expect.stringMatching(/./) });
        }),
      );
    });

    it("throws nothing but a PayloadError over bytes", () => {
      fc.assert(fc.property(fc.uint8Array(), (body) => isParsedOrRefused(source, body)));
    });

    it("throws nothing but a PayloadError over JSON", () => {
      fc.assert(fc.property(fc.jsonValue(), (value) => isParsedOrRefused(source, bodyOf(value))));
    });

    it("throws nothing but a PayloadError over JSON nested a hundred thousand deep", () => {
      const text = sampleBody(`${type}/${names[0]}`).toString();
      const nested = "[".repeat(100_000) + "]".repeat(100_000);

      for (const value of [
        nested,
        text.replace("{", `{"new":${nested},`),
        text.replace("null", nested),
      ])
        isParsedOrRefused(source, Buffer.from(value));
    });

    it.each(names)("throws nothing but a PayloadError over %s with one value replaced", (name) => {
      const payload = samplePayload(`${type}/${name}`);
      const paths = pathsOf(payload);

      fc.assert(
        fc.property(fc.constantFrom(...paths), anyJson(), (path, value) =>
          isParsedOrRefused(source, bodyOf(replaced(payload, path, value))),
        ),
        { numRuns: 500 },
      );
    });

    it.each(names)("says of a spoilt %s where it is wrong, and not what it holds", (name) => {
      const payload = samplePayload(`${type}/${name}`);
      const spoilt = bodyOf({ ...payload, type: 7, timestamp: "Ada's secret" });

      expect(() => source.parse(spoilt)).toThrow(
        expect.objectContaining({
          paths: ["type", "timestamp"],
          message: expect.not.stringContaining("Ada"),
        }),
      );
    });

    it.each(names)("names no key of a %s that the vendor did not choose", (name) => {
      const payload = samplePayload(`${type}/${name}`);
      const bodies = pathsOf(payload).map((path) =>
        bodyOf(replaced(payload, path, { "Ada's secret": [7, { "Ada's secret": {} }] })),
      );

      const refusals = bodies.map((body) => refusalOf(source, body)).filter((one) => one !== null);

      expect(refusals.length).toBeGreaterThan(2);
      for (const { message, paths } of refusals)
        expect([message, ...paths].join(" ")).not.toMatch(/Ada|\*/);
    });

    it.each(names)("recognizes %s, which no other type of source does", (name) => {
      const payload = samplePayload(`${type}/${name}`);

      const recognizing = Object.values(SOURCE_TYPES).filter((one) => one.recognizes(payload));

      expect(recognizing.map((one) => one.type)).toEqual([type]);
    });

    it.each(names)("tells the changes of %s in sentences, the most telling first", (name) => {
      const comparison = source.changes(source.parse(sampleBody(`${type}/${name}`)), undefined);

      const changes = comparison.isStale ? [] : comparison.changes;
      expect(changes).not.toEqual([]);
      expect(changes).toEqual(byWeight(changes));
      for (const { summary } of changes) expect(summary).toMatch(/^[A-Z].*\.$/);
    });

    it.each(names)("tells of %s only what its type says that it tells", (name) => {
      const event = source.parse(sampleBody(`${type}/${name}`));
      const comparison = source.changes(event, undefined);

      const told = comparison.isStale ? [] : comparison.changes;
      const { changeKinds, eventTypes } = SOURCE_TYPES[type] as SourceType;
      const isComputed = eventTypes.includes(event.type);
      expect(undeclared(told, isComputed ? changeKinds : RECEIVED)).toEqual([]);
    });

    it("tells an event of any other type as received", () => {
      const payload = samplePayload(`${type}/${names[0]}`);
      const event = source.parse(bodyOf({ ...payload, type: "thing.never_heard_of" }));

      const comparison = source.changes(event, undefined);

      expect(comparison).toMatchObject({
        isStale: false,
        changes: [{ kind: "event.received", tone: "info", summary: expect.stringMatching(/\.$/) }],
      });
    });
  });
}

const RECEIVED: readonly ToldKind[] = [{ kind: "event.received", carries: [] }];

/** Well-formed text, and text with halves of surrogate pairs. */
function anyText() {
  return fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("\uD800", "v1,", "v1, v1,=", "0"));
}

function anyJson(): fc.Arbitrary<Json> {
  return fc.oneof(
    fc.constantFrom<Json[]>(null, "", "\uD800", -1, 1e21, [], {}),
    fc.json().map((text) => JSON.parse(text) as Json),
  );
}

/** Whatever can be parsed can be compared too. */
function isParsedOrRefused(source: Source, body: Uint8Array): void {
  refusalOf(source, body);
}

/** Why a body is refused; `null` when it is not. */
function refusalOf(source: Source, body: Uint8Array): PayloadError | null {
  try {
    const event = source.parse(body);
    source.changes(event, undefined);
  } catch (error) {
    if (error instanceof PayloadError) return error;
    throw error;
  }
  return null;
}

type Path = readonly (string | number)[];

function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((element: Json, index) => pathsOf(element, [...path, index]))
    : Object.entries(value).flatMap(([key, element]) => pathsOf(element, [...path, key]));
  return [path, ...inner];
}

function replaced(value: Json, [first, ...rest]: Path, by: Json): Json {
  if (first === undefined) return by;
  if (Array.isArray(value))
    return value.map((element: Json, index) =>
      index === first ? replaced(element, rest, by) : element,
    );
  const object = value as JsonObject;
  return { ...object, [first]: replaced(object[first] ?? null, rest, by) };
}

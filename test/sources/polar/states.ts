import { expect } from "vitest";
import type { Change } from "../../../src/core/change.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { polar } from "../../../src/sources/polar/index.ts";
import type { Comparison, Snapshot, Source } from "../../../src/sources/source.ts";
import { undeclared } from "../undeclared.ts";
import { bodyOf, sampleBody, samplePayload } from "../samples.ts";

const NAMES = {
  products: {
    "d8dd2de1-21b7-4a41-8bc3-ce909c0cfe23": "Pro",
    "a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9": "Scale",
  },
};

/** The id of the product that the names call Scale. */
export const SCALE = "a4dc63dc-7c1a-4a43-9c54-0b55f6f4b0b9";

/** A source that knows two products by name. */
export function polarSource(settings: JsonObject = {}): Source {
  const given = { type: "polar", secrets: ["secret"], names: NAMES, ...settings };
  return polar.create("polar", polar.config.parse(given));
}

/** What differs from the subscribed sample. */
export interface Given {
  readonly time?: string;
  readonly data?: JsonObject;
  /** Of the one subscription; `null` for none. */
  readonly subscription?: JsonObject | null;
  /** Of the one meter. */
  readonly meter?: JsonObject;
}

/** The subscribed sample, by default a month on, so that nothing in it is news. */
export function state({ time = "2026-12-01T00:00:00Z", ...given }: Given = {}): Buffer {
  const payload = samplePayload("polar/subscribed.json");
  const data = payload["data"] as JsonObject;
  const [subscription] = data["active_subscriptions"] as [JsonObject];
  const [meter] = data["active_meters"] as [JsonObject];
  return bodyOf({
    ...payload,
    timestamp: time,
    data: {
      ...data,
      active_subscriptions:
        given.subscription === null ? [] : [{ ...subscription, ...given.subscription }],
      active_meters: [{ ...meter, ...given.meter }],
      ...given.data,
    },
  });
}

/** The changes from one state to another, a day later unless it says otherwise. */
export function changesBetween(before: Given, after: Given, settings: JsonObject = {}): Change[] {
  const source = polarSource(settings);
  const first = source.changes(source.parse(state(before)), undefined);
  const second = state({ time: "2026-12-02T00:00:00Z", ...after });
  return told(source.changes(source.parse(second), snapshotOf(first)));
}

/** Each body compared with the snapshot that the ones before it left. */
export function walk(source: Source, bodies: readonly Uint8Array[]): Comparison[] {
  let snapshot: Snapshot | undefined;
  return bodies.map((body) => {
    const comparison = source.changes(source.parse(body), snapshot);
    snapshot = snapshotOf(comparison) ?? snapshot;
    return comparison;
  });
}

/** The bodies of samples, by their short names. */
export function samples(...names: readonly string[]): Buffer[] {
  return names.map((name) => sampleBody(`polar/${name}.json`));
}

/** The changes of a comparison, held against what the type says that it tells; none when it is stale. */
export function told(comparison: Comparison | undefined): Change[] {
  const changes = comparison === undefined || comparison.isStale ? [] : [...comparison.changes];
  const computed = changes.filter(({ kind }) => kind !== "event.received");
  expect(undeclared(computed, polar.changeKinds)).toEqual([]);
  return changes;
}

/** Kinds and summaries, for assertions that read like a log. */
export function lines(changes: readonly Change[]): string[] {
  return changes.map(({ kind, tone, summary }) => `${kind} (${tone}): ${summary}`);
}

/** The snapshot that a comparison leaves, if any. */
export function snapshotOf(comparison: Comparison): Snapshot | undefined {
  return comparison.isStale ? undefined : comparison.snapshot;
}

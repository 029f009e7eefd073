import { describe, expect, it } from "vitest";
import { plain } from "../../src/sources/plain/index.ts";
import { polar } from "../../src/sources/polar/index.ts";
import type { Snapshot } from "../../src/sources/source.ts";
import { markersIn, traffic } from "./traffic.ts";

const SOURCES = {
  polar: polar.create("polar", polar.config.parse({ type: "polar", secrets: ["secret"] })),
  plain: plain.create("plain", plain.config.parse({ type: "plain", secrets: ["secret"] })),
};

describe("the traffic of the chaos harness", () => {
  it("changes something with every event, so that each one is told", async () => {
    const events = await traffic({ events: 60, subjects: 4, lanes: 2, seed: 1 });
    const snapshots = new Map<number, Snapshot>();

    const changed = events.map(({ source: name, subject, body }) => {
      const source = SOURCES[name];
      const comparison = source.changes(source.parse(body), snapshots.get(subject));
      if (comparison.isStale) return 0;
      if (comparison.snapshot !== undefined) snapshots.set(subject, comparison.snapshot);
      return comparison.changes.length;
    });

    expect(changed.filter((count) => count === 0)).toEqual([]);
    expect(changed).toHaveLength(60);
  });

  it("marks each event with a text of its own, and gives it an id of its own", async () => {
    const events = await traffic({ events: 60, subjects: 4, lanes: 2, seed: 1 });

    const markers = events.map(({ body }) => markersIn(body.toString()));

    expect(markers).toEqual(events.map(({ marker }) => [marker]));
    expect(new Set(markers.flat()).size).toBe(60);
    expect(new Set(events.map(({ id }) => id)).size).toBe(60);
  });

  it("is the same again for the same seed, and other customers for another", async () => {
    const volume = { events: 8, subjects: 4, lanes: 2 };

    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => traffic({ ...volume, seed })),
    );

    expect(again).toEqual(first);
    expect(other?.map(({ id }) => id)).not.toEqual(first?.map(({ id }) => id));
  });
});

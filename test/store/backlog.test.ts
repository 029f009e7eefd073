import { beforeEach, describe, expect, it } from "vitest";
import { lanes } from "../../src/store/backlog.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import type { LaneRecord } from "../../src/store/store.ts";
import { withDatabase } from "./beside.ts";
import { emptyStore } from "./empty-store.ts";
import { laneOf, waiting } from "./waiting.ts";

describe("telling what waits", () => {
  let settings: StoreSettings;
  beforeEach(async () => {
    settings = await emptyStore();
  });

  /** Has `each` deliveries wait in each of so many lanes, and tells what the store says of them. */
  const told = (count: number, each: number): Promise<LaneRecord[]> =>
    withDatabase(settings, async (db) => {
      await waiting(db, count, each);
      return lanes(db);
    });

  it("counts what waits in a lane, and when its head was made", async () => {
    expect(await told(2, 3)).toEqual(
      [0, 1].map((at) => ({
        lane: laneOf(at),
        account: "slack:a",
        waiting: 3,
        oldestAt: 100,
        parked: null,
      })),
    );
  });

  it("tells each of many lanes once, in portions", async () => {
    const found = await told(1_200, 1);

    expect(found.map(({ lane }) => lane)).toEqual(
      Array.from({ length: 1_200 }, (_, at) => laneOf(at)),
    );
  });
});

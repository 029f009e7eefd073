import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../src/store/postgres/open.ts";
import { Timekeeper } from "../../src/store/postgres/timekeeper.ts";
import type { Tables } from "../../src/store/tables.ts";
import { type FreshDatabase, freshDatabase } from "../postgres/database.ts";
import { settingsFor } from "../postgres/tables.ts";
import { openWay, type Way } from "../postgres/way.ts";

/** How long a way takes in each direction when it is long, in milliseconds. */
const LONG_MS = 300;

describe("the time of a database", () => {
  let database: FreshDatabase;
  let way: Way;
  let close: () => Promise<void>;
  let timekeeper: Timekeeper<Tables>;
  let told: number[];

  beforeEach(async () => {
    database = await freshDatabase();
    way = await openWay(database.url);
    const connected = connect({ ...settingsFor(way.url), connections: 1 });
    close = connected.close;
    told = [];
    timekeeper = new Timekeeper(connected.db, (now) => told.push(now));
  });
  afterEach(async () => {
    timekeeper.stop();
    await close();
    await way.close();
    await database.drop();
  });

  it("is told off by at most half of what the answer took", async () => {
    way.lengthen(LONG_MS);
    const asked = Date.now();

    await timekeeper.ask();

    // Both clocks are this machine's.
    const answered = Date.now();
    expect(told).toHaveLength(1);
    expect(told[0]).toBeGreaterThanOrEqual(asked + LONG_MS);
    expect(Math.abs((told[0] ?? 0) - answered)).toBeLessThanOrEqual((answered - asked) / 2);
  });

  it("is not told again by an answer that is off by more than what is known", async () => {
    await timekeeper.ask();
    const known = [...told];
    way.lengthen(LONG_MS);

    await timekeeper.ask();

    expect(known).toHaveLength(1);
    expect(told).toEqual(known);
  });

  it("is told again by one that is off by less, for which it asks by itself", async () => {
    way.lengthen(LONG_MS);
    await timekeeper.ask();
    way.lengthen(0);

    await expect.poll(() => told).toHaveLength(2);

    expect(Math.abs((told[1] ?? 0) - Date.now())).toBeLessThan(LONG_MS);
  });
});

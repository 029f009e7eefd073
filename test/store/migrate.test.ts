import { sql } from "kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import { OLDEST_COMPATIBLE } from "../../src/store/migrations/index.ts";
import { openStore } from "../../src/store/open.ts";
import type { StoreSettings } from "../../src/store/settings.ts";
import { beside, tablesOf } from "./beside.ts";
import { emptyPlace, emptyStore, NOBODY } from "./empty-store.ts";
import { arrived } from "./rows.ts";

/** A store that a version brought up to date which comes after this one. */
async function newerStore(oldest: string): Promise<StoreSettings> {
  const settings = await emptyStore();
  await beside(settings, sql`insert into kysely_migration values ('999-newer', '2027')`);
  await beside(settings, sql`alter table events add column newer text`);
  await beside(settings, sql`update compatibility set oldest = ${oldest}`);
  return settings;
}

const oldestOf = (settings: StoreSettings) =>
  beside(settings, sql<{ oldest: string }>`select oldest from compatibility`);

describe("a store that a newer version brought up to date", () => {
  it("is opened and used where that one lets this version go on, and stays as it is", async () => {
    const settings = await newerStore(OLDEST_COMPATIBLE);

    const store = await openStore(settings, NOBODY);
    onTestFinished(() => store.close());
    const [enqueued] = await store.enqueue([arrived("a")]);

    expect(enqueued).toMatchObject({ isDuplicate: false });
    expect(await store.backlog()).toBe(1);
    expect(await oldestOf(settings)).toEqual([{ oldest: OLDEST_COMPATIBLE }]);
  });

  it("is refused where that one does not, with what to do, and stays as it is", async () => {
    const settings = await newerStore("998-newer");
    const before = await tablesOf(settings);

    const refused = openStore(settings, NOBODY);

    await expect(refused).rejects.toMatchObject({
      code: "store-newer",
      message: "A newer version of Bellhop wrote the store.",
      hint: "Use that version, or one that is at most one version older.",
    });
    expect(await tablesOf(settings)).toEqual(before);
    expect(await oldestOf(settings)).toEqual([{ oldest: "998-newer" }]);
  });

  it("is refused where that one says nothing about it", async () => {
    const settings = await newerStore(OLDEST_COMPATIBLE);
    await beside(settings, sql`delete from compatibility`);

    await expect(openStore(settings, NOBODY)).rejects.toMatchObject({ code: "store-newer" });
  });
});

describe("a store that is brought up to date", () => {
  it("says which is the oldest version that can work beside this one", async () => {
    const settings = await emptyPlace();

    await (await openStore(settings, NOBODY)).close();

    expect(await oldestOf(settings)).toEqual([{ oldest: OLDEST_COMPATIBLE }]);
  });

  it("is as it was before when one of the migrations fails, however late", async () => {
    const settings = await emptyPlace();
    await beside(settings, sql`create table compatibility (foreign_to_us text)`);

    const failed = openStore(settings, NOBODY);

    await expect(failed).rejects.toMatchObject({
      code: "store-migration-failed",
      message: expect.stringMatching(/could not be brought up to date: .*compatibility.*exists/),
      hint: "The store is as it was before.",
    });
    expect(await tablesOf(settings)).toEqual(["compatibility"]);
  });

  it("is brought up to date by the next start, once what made it fail is gone", async () => {
    const settings = await emptyPlace();
    await beside(settings, sql`create table compatibility (foreign_to_us text)`);
    await expect(openStore(settings, NOBODY)).rejects.toThrow("could not be brought up to date");
    await beside(settings, sql`drop table compatibility`);

    const store = await openStore(settings, NOBODY);
    onTestFinished(() => store.close());

    await expect(store.ping()).resolves.toBeUndefined();
  });
});

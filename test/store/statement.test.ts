import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { given } from "../../src/store/flavor.ts";
import { statement } from "../../src/store/statement.ts";
import { withDatabase } from "./beside.ts";
import { emptyStore } from "./empty-store.ts";

describe("a statement that is kept", () => {
  it("is built once, and gives back the rows of the values that it is given each time", async () => {
    let built = 0;
    const listed = statement(
      (db, { rows, most }: { readonly rows: readonly { id: string }[]; readonly most: number }) => {
        built += 1;
        return db
          .selectFrom(given(db, { id: "text" }, rows))
          .select("id")
          .orderBy("id")
          .limit(most);
      },
    );

    const found = await withDatabase(await emptyStore(), async (db) => [
      await listed(db, { rows: [{ id: "b" }, { id: "a" }], most: 5 }),
      await listed(db, { rows: [{ id: "d" }, { id: "e" }, { id: "c" }], most: 2 }),
      await listed(db, { rows: [], most: 5 }),
    ]);

    expect(found).toEqual([[{ id: "a" }, { id: "b" }], [{ id: "c" }, { id: "d" }], []]);
    expect(built).toBe(1);
  });

  it("refuses to be built with what it computes of a value that it does not know yet", async () => {
    const late = statement((db, { now }: { readonly now: number }) =>
      db
        .selectFrom("lanes")
        .select("id")
        .where("due_at", "<=", now - 1_000),
    );

    const asking = withDatabase(await emptyStore(), (db) => late(db, { now: 5_000 }));

    await expect(asking).rejects.toThrow(
      "A statement that is kept cannot compute with now: give it the result.",
    );
  });

  it("has values in raw SQL as well, where they stand twice", async () => {
    const doubled = statement((db, { text }: { readonly text: string }) =>
      db.selectNoFrom(sql<string>`cast(${text} as text) || cast(${text} as text)`.as("twice")),
    );

    const found = await withDatabase(await emptyStore(), (db) => doubled(db, { text: "ab" }));

    expect(found).toEqual([{ twice: "abab" }]);
  });
});

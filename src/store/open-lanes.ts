import { sql, type Transaction } from "kysely";
import { given } from "./flavor.ts";
import type { LaneOf } from "./store.ts";
import { statement } from "./statement.ts";
import type { Tables } from "./tables.ts";

/**
 * Makes sure that lanes and their accounts are there, and that each lane is due as soon as its pace allows. In the order
 * of their ids, accounts first, so that two bridges that open the same ones do not wait for each other.
 */
export async function openLanes(
  trx: Transaction<Tables>,
  all: readonly Pick<LaneOf, "lane" | "account">[],
  now: number,
): Promise<void> {
  const lanes = [
    ...new Map(all.map(({ lane, account }) => [lane, { id: lane, account }])).values(),
  ];
  if (lanes.length === 0) return;
  await addAccounts(
    trx,
    lanes.map(({ account }) => account),
  );
  await addLanes(trx, { rows: lanes, now });
}

interface LaneIds {
  readonly id: string;
  readonly account: string;
}

/** A lane in which something waits already keeps its time: its head decides. */
const addLanes = statement(
  (db, { rows, now }: { readonly rows: readonly LaneIds[]; readonly now: number }) =>
    db
      .insertInto("lanes")
      .columns(["id", "account", "due_at", "not_before", "failures"])
      .expression(
        db
          .selectFrom(given(db, { id: "text", account: "text" }, rows))
          .select((eb) => [
            "id",
            "account",
            sql<number>`cast(${now} as bigint)`.as("due_at"),
            eb.lit(0).as("not_before"),
            eb.lit(0).as("failures"),
          ])
          // SQLite takes the conflict for a join's condition otherwise: https://www.sqlite.org/lang_upsert.html#parsing_ambiguity
          .where((eb) => eb.lit(true))
          .orderBy("id"),
      )
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((eb) => ({
          due_at: eb.fn.coalesce(
            "lanes.due_at",
            eb
              .case()
              .when("lanes.not_before", ">", now)
              .then(eb.ref("lanes.not_before"))
              .else(eb.ref("excluded.due_at"))
              .end(),
          ),
        })),
      ),
);

/** Makes sure that accounts are there. */
export async function addAccounts(
  trx: Transaction<Tables>,
  accounts: readonly string[],
): Promise<void> {
  await insertAccounts(trx, { rows: [...new Set(accounts)].map((id) => ({ id })) });
}

const insertAccounts = statement((db, { rows }: { readonly rows: readonly { id: string }[] }) =>
  db
    .insertInto("accounts")
    .columns(["id", "not_before", "failures"])
    .expression(
      db
        .selectFrom(given(db, { id: "text" }, rows))
        .select((eb) => ["id", eb.lit(0).as("not_before"), eb.lit(0).as("failures")])
        .where((eb) => eb.lit(true))
        .orderBy("id"),
    )
    .onConflict((conflict) => conflict.column("id").doNothing()),
);

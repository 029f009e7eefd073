import { type ExpressionBuilder, sql, type Transaction } from "kysely";
import { fitting } from "./fitting.ts";
import { given, isPostgres } from "./flavor.ts";
import { statement } from "./statement.ts";
import type { Mine } from "./store.ts";
import type { EventRow, Tables } from "./tables.ts";

/** An unprocessed event, as the process step needs it. */
export type UnprocessedRow = Pick<EventRow, "seq" | "id" | "source" | "subject" | "body">;

/** The bytes of payloads that are read at once; ours: with large ones, a few are enough to keep busy. */
const MAX_BYTES = 2_097_152;

/**
 * How many times more events are looked at than are taken, on a database that several bridges share; ours: so many
 * bridges find something to do that is of other subjects.
 */
const LOOK_AHEAD = 8;

/**
 * The oldest unprocessed events, as many as are to be held in memory at once, but at least one; where other bridges are
 * at work, those of subjects that none of them is at.
 */
export async function oldest(
  trx: Transaction<Tables>,
  limit: number,
  mine?: Mine,
): Promise<UnprocessedRow[]> {
  const isShared = isPostgres(trx);
  const waiting = await trx
    .selectFrom("events")
    .select(["seq", "id", "source", "subject", sql<number>`length(body)`.as("bytes")])
    .where("status", "=", "stored")
    .$if(mine !== undefined, (query) => query.where((eb) => isMine(eb, mine)))
    .orderBy("seq")
    .limit(isShared ? limit * LOOK_AHEAD : limit)
    .execute();
  const ours = isShared ? await ofFreeSubjects(trx, waiting, limit) : waiting;
  if (ours.length === 0) return [];
  const sizes = ours.map((one) => one.bytes);
  const taken = ours.slice(0, fitting(sizes, MAX_BYTES));
  return findEvents(trx, { rows: taken.map(({ seq }) => ({ seq })) });
}

const findEvents = statement((db, { rows }: { readonly rows: readonly { seq: number }[] }) =>
  db
    .selectFrom("events")
    .select(["seq", "id", "source", "subject", "body"])
    .where("seq", "in", db.selectFrom(given(db, { seq: "bigint" }, rows)).select("given.seq"))
    // Others may have been at a subject between the first statement and its lock.
    .where("status", "=", "stored")
    .orderBy("seq")
    .$if(isPostgres(db), (query) => query.forUpdate()),
);

function isMine(
  eb: ExpressionBuilder<Tables, "events">,
  { sources, allBefore }: Mine = { sources: [], allBefore: Infinity },
) {
  const isOld = eb("received_at", "<", allBefore);
  return sources.length === 0 ? isOld : eb.or([eb("source", "in", sources), isOld]);
}

interface Waiting extends Pick<EventRow, "seq" | "id" | "source" | "subject"> {
  readonly bytes: number;
}

/**
 * The oldest events of subjects that this transaction has locked, so that a subject's events are processed in order by one
 * bridge at a time; the locks end with the transaction.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
async function ofFreeSubjects(
  trx: Transaction<Tables>,
  waiting: readonly Waiting[],
  limit: number,
): Promise<Waiting[]> {
  const found: Waiting[] = [];
  const locked = new Map<string, boolean>();
  let rest = waiting;
  while (found.length < limit && rest.length > 0) {
    const next = rest.slice(0, limit - found.length);
    const unknown = [...new Set(next.map(subjectOf))].filter((one) => !locked.has(one));
    for (const [subject, isOurs] of await lock(trx, unknown)) locked.set(subject, isOurs);
    found.push(...next.filter((one) => locked.get(subjectOf(one)) === true));
    rest = rest.slice(next.length);
  }
  return found;
}

async function lock(
  trx: Transaction<Tables>,
  subjects: readonly string[],
): Promise<Map<string, boolean>> {
  if (subjects.length === 0) return new Map();
  const { rows } = await sql<{ subject: string; ours: boolean }>`
    select subject, pg_try_advisory_xact_lock(hashtextextended(subject, ${sql.lit(SEED)})) as ours
    from unnest(${subjects}::text[]) as given (subject)`.execute(trx);
  return new Map(rows.map(({ subject, ours }) => [subject, ours]));
}

/** Keeps our locks apart from those that others take on the same database; ours. */
const SEED = 7_306_018_224;

/** An event without a subject is in order with no other. */
function subjectOf({ id, source, subject }: Waiting): string {
  return subject === null ? id : `${source} ${subject}`;
}

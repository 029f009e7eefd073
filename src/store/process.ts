import type { Transaction } from "kysely";
import type { JsonObject } from "../core/json.ts";
import type { Verdicts } from "../core/rulebook.ts";
import { addDeliveries } from "./add-deliveries.ts";
import { breathe } from "./breathe.ts";
import { given } from "./flavor.ts";
import { keptName } from "./kept-name.ts";
import { oldest, type UnprocessedRow } from "./oldest.ts";
import { report, timed } from "./report.ts";
import { keepRulebooks, type KeptRulebook, type Rulebooks } from "./rulebooks.ts";
import type { Mine, Processed, StoredSnapshot, StoredEvent } from "./store.ts";
import { statement } from "./statement.ts";
import type { EventRow, SnapshotRow, Tables } from "./tables.ts";
import { packVerdicts } from "./verdicts.ts";

/** What is done with the oldest unprocessed events. */
interface Work {
  readonly limit: number;
  readonly now: number;
  readonly work: (event: StoredEvent, before: StoredSnapshot | undefined) => Processed;
  readonly isEnough: () => boolean;
  readonly mine?: Mine | undefined;
  readonly rulebooks: Rulebooks;
}

/** How many events were worked through, whether they made deliveries, and the rulebooks that are in the store once this is committed. */
export interface Worked {
  readonly count: number;
  readonly isAnyDelivery: boolean;
  readonly kept: readonly KeptRulebook[];
}

/** Works through the oldest unprocessed events in order; whatever they bring about is written with them. */
export async function process(
  trx: Transaction<Tables>,
  { limit, now, work, isEnough, mine, rulebooks }: Work,
): Promise<Worked> {
  const rows = await oldest(trx, limit, mine);
  if (rows.length === 0) return { count: 0, isAnyDelivery: false, kept: [] };
  const snapshots = await snapshotsOf(trx, rows);
  const done: Done[] = [];
  for (const row of rows) {
    const event = { id: row.id, source: row.source, body: row.body };
    const processed = work(event, snapshots.get(keyOf(row.source, row.subject)));
    const { snapshot } = processed;
    if (snapshot !== null) snapshots.set(keyOf(row.source, keptName(snapshot.subject)), snapshot);
    done.push({ row, processed, ...packed(processed.verdicts, rulebooks) });
    if (isEnough()) break;
    await breathe();
  }
  const used = done.flatMap(({ book }) => book ?? []);
  const kept = rulebooks.unkept(used, now);
  await keepRulebooks(trx, kept, now);
  await writeEvents(trx, done, now);
  await keepSnapshots(trx, done);
  const deliveries = done.flatMap(({ row, processed }) =>
    processed.deliveries.map((one) => ({ ...one, event: row.id })),
  );
  await addDeliveries(trx, deliveries, now);
  const reports = done.flatMap(({ processed }) => processed.reports);
  await report(trx, timed(now, reports));
  const isAnyDelivery = done.some(({ processed }) => processed.deliveries.length > 0);
  return { count: done.length, isAnyDelivery, kept };
}

interface Done {
  readonly row: UnprocessedRow;
  readonly processed: Processed;
  readonly book: KeptRulebook | null;
  readonly verdicts: string | null;
}

function packed(verdicts: Verdicts | null, rulebooks: Rulebooks): Pick<Done, "book" | "verdicts"> {
  if (verdicts === null) return { book: null, verdicts: null };
  const book = rulebooks.of(verdicts.rulebook);
  return { book, verdicts: packVerdicts(verdicts, book.id) };
}

async function snapshotsOf(
  trx: Transaction<Tables>,
  rows: readonly UnprocessedRow[],
): Promise<Map<string, StoredSnapshot>> {
  const wanted = new Map(
    rows.flatMap(({ source, subject }) =>
      subject === null ? [] : [[keyOf(source, subject), { source, subject }]],
    ),
  );
  const found = await findSnapshots(trx, { rows: [...wanted.values()] });
  return new Map(
    found.map(({ source, subject, time, state }) => [
      keyOf(source, subject),
      { time, state: JSON.parse(state) as JsonObject },
    ]),
  );
}

interface SubjectRow {
  readonly source: string;
  readonly subject: string;
}

const findSnapshots = statement((db, { rows }: { readonly rows: readonly SubjectRow[] }) =>
  db
    .selectFrom("snapshots")
    .innerJoin(given(db, { source: "text", subject: "text" }, rows), (join) =>
      join
        .onRef("given.source", "=", "snapshots.source")
        .onRef("given.subject", "=", "snapshots.subject"),
    )
    .select(["snapshots.source", "snapshots.subject", "time", "state"]),
);

async function writeEvents(
  trx: Transaction<Tables>,
  done: readonly Done[],
  now: number,
): Promise<void> {
  const rows = done.map(({ row, processed, verdicts }) => ({
    seq: row.seq,
    status: processed.status,
    changes: JSON.stringify(processed.changes),
    verdicts,
    revision: processed.revision,
    error: processed.error === null ? null : JSON.stringify(processed.error),
  }));
  await updateEvents(trx, { rows, now });
}

type DecidedRow = Pick<EventRow, "seq" | "status" | "changes" | "verdicts" | "revision" | "error">;

const DECIDED = {
  seq: "bigint",
  status: "text",
  changes: "text",
  verdicts: "text",
  revision: "text",
  error: "text",
} as const;

const updateEvents = statement(
  (db, { rows, now }: { readonly rows: readonly DecidedRow[]; readonly now: number }) =>
    db
      .updateTable("events")
      .from(given(db, DECIDED, rows))
      .set((eb) => ({
        status: eb.ref("given.status"),
        processed_at: now,
        changes: eb.ref("given.changes"),
        verdicts: eb.ref("given.verdicts"),
        revision: eb.ref("given.revision"),
        error: eb.ref("given.error"),
      }))
      .whereRef("events.seq", "=", "given.seq"),
);

async function keepSnapshots(trx: Transaction<Tables>, done: readonly Done[]): Promise<void> {
  const rows = new Map(
    done.flatMap(({ row: { source }, processed: { snapshot } }) => {
      if (snapshot === null) return [];
      const { time, state } = snapshot;
      const subject = keptName(snapshot.subject);
      return [[keyOf(source, subject), { source, subject, time, state: JSON.stringify(state) }]];
    }),
  );
  if (rows.size > 0) await putSnapshots(trx, { rows: [...rows.values()] });
}

const SNAPSHOT = { source: "text", subject: "text", time: "text", state: "text" } as const;

const putSnapshots = statement((db, { rows }: { readonly rows: readonly SnapshotRow[] }) =>
  db
    .insertInto("snapshots")
    .columns(["source", "subject", "time", "state"])
    .expression(
      db
        .selectFrom(given(db, SNAPSHOT, rows))
        .select(["source", "subject", "time", "state"])
        .where((eb) => eb.lit(true)),
    )
    .onConflict((conflict) =>
      conflict.columns(["source", "subject"]).doUpdateSet((eb) => ({
        time: eb.ref("excluded.time"),
        state: eb.ref("excluded.state"),
      })),
    ),
);

function keyOf(source: string, subject: string | null): string {
  return `${source} ${subject ?? ""}`;
}

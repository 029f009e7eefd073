import { sql } from "kysely";
import { BridgeError } from "../../core/error.ts";
import { isPostgres } from "../flavor.ts";
import { migrate } from "../migrate.ts";
import type { MoveEnd, OnWait } from "../move-end.ts";
import { carried } from "./carry.ts";
import { add, isSame, type Tally } from "./checksum.ts";
import { countRows } from "./count-rows.ts";
import { at, type MoveEnds, type MoveWay, openEnds, untilFree } from "./ends.ts";
import { insert } from "./insert.ts";
import {
  advance,
  beginLedger,
  type Entry,
  entryOf,
  finishLedger,
  forget,
  type Ledger,
  rowsIn,
} from "./ledger.ts";
import { MOVED_TABLES, type MovedName, type MovedTable } from "./moved-tables.ts";
import { carryNumbers } from "./numbers.ts";
import { notEmpty, type TargetState, targetState } from "./target-state.ts";
import { tally, walk } from "./walk.ts";

/** What a move does, one after the other: what was moved before is held against the old store first. */
export type MoveStage = "checking" | "moving" | "verifying";

/** Is told how far a move is. */
export interface MoveListener {
  readonly onWait: OnWait;
  /** A stage begins that goes through so many rows, of which some were done before. */
  readonly onStage: (
    stage: MoveStage,
    rows: { readonly total: number; readonly done: number },
  ) => void;
  /** So many rows more have been gone through. */
  readonly onRows: (count: number) => void;
  /** What an earlier run moved is of no use: the old store has changed since. All begins anew. */
  readonly onAnew: () => void;
}

/** What a move came to; every table is the same in both databases. */
export interface Moved {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly (Tally & { readonly name: MovedName })[];
  /** How many of the rows earlier runs had moved. */
  readonly before: number;
  /** Whether an earlier run had come to its end, so that there was nothing to do. */
  readonly isRepeated: boolean;
}

/**
 * Moves a store into another database, or goes on with that where it was cut off, and verifies it; the old one is only
 * read. Throws a `BridgeError` when either cannot be used, or they differ at the end, and the signal's reason when that
 * is aborted.
 */
export async function move(
  way: MoveWay,
  listener: MoveListener,
  signal: AbortSignal,
): Promise<Moved> {
  const ends = await openEnds(way, listener.onWait);
  try {
    const work: Work = {
      ...ends,
      way,
      listener,
      onRows: (count) => {
        listener.onRows(count);
        signal.throwIfAborted();
      },
    };
    return await moveBetween(work);
  } finally {
    await Promise.all([ends.origin.close(), ends.target.close()]);
  }
}

interface Work extends MoveEnds {
  readonly way: MoveWay;
  readonly listener: MoveListener;
  /** Throws when the move is to stop. */
  readonly onRows: (count: number) => void;
}

async function moveBetween(work: Work): Promise<Moved> {
  const { target, listener } = work;
  const state = await at(target, () => targetState(target));
  if (state.kind === "done") {
    if (!(await isWhole(work, state.ledger))) throw notEmpty(target.name);
    return moved(work, state.ledger, { before: rowsIn(state.ledger), isRepeated: true });
  }
  const resumed = state.kind === "begun" ? await resumable(work, state.ledger) : undefined;
  if (state.kind === "begun" && resumed === undefined) listener.onAnew();
  const ledger = resumed ?? (await begin(work, state));
  const complete = await copy(work, ledger);
  await verify(work, complete);
  await at(target, () => finish(work));
  return moved(work, complete, { before: rowsIn(ledger), isRepeated: false });
}

/** Whether the old store is what a move of it came to when it ended. */
async function isWhole({ origin, listener, onRows }: Work, ledger: Ledger): Promise<boolean> {
  listener.onStage("checking", { total: rowsIn(ledger), done: 0 });
  for (const table of MOVED_TABLES) {
    const there = await tally(origin, table, { carry: carried, onRows });
    if (!isSame(there, entryOf(ledger, table))) return false;
  }
  return true;
}

/** The ledger of a move that was cut off, unless what it speaks of has changed since in the old store. */
async function resumable(
  { origin, listener, onRows }: Work,
  ledger: Ledger | undefined,
): Promise<Ledger | undefined> {
  if (ledger === undefined) return undefined;
  listener.onStage("checking", { total: rowsIn(ledger), done: 0 });
  for (const table of MOVED_TABLES) {
    const entry = entryOf(ledger, table);
    if (entry.last === null) continue;
    const there = await tally(origin, table, { carry: carried, upTo: entry.last, onRows });
    if (!isSame(there, entry)) return undefined;
  }
  return ledger;
}

async function begin({ target, way, listener }: Work, { kind }: TargetState): Promise<Ledger> {
  if (kind === "empty") await untilFree(target, way.to, listener.onWait);
  if (kind === "bare") await at(target, () => migrate(target.db));
  return at(target, () => beginLedger(target));
}

async function copy(work: Work, ledger: Ledger): Promise<Ledger> {
  const { origin, listener } = work;
  let total = 0;
  for (const { name } of MOVED_TABLES) total += await at(origin, () => countRows(origin.db, name));
  listener.onStage("moving", { total, done: rowsIn(ledger) });
  const complete = new Map(ledger);
  for (const table of MOVED_TABLES)
    complete.set(table.name, await copyTable(work, table, entryOf(ledger, table)));
  return complete;
}

async function copyTable(work: Work, table: MovedTable, begun: Entry): Promise<Entry> {
  const { origin, target, onRows } = work;
  let entry = begun;
  for await (const { rows: read, last } of walk(origin, table, { after: entry.last })) {
    const rows = carried(table, read);
    const step = { from: entry, to: { ...add(entry, table, rows), last } };
    await at(target, () =>
      target.db.transaction().execute(async (trx) => {
        await advance(trx, target, table.name, step);
        await insert(trx, table, rows);
      }),
    );
    entry = step.to;
    onRows(rows.length);
  }
  return entry;
}

/**
 * Counts the rows of the old store, which nobody could write to meanwhile, and reads those of the new one back; the
 * ledger has the checksums of what was read from the old one.
 */
async function verify({ origin, target, listener, onRows }: Work, ledger: Ledger): Promise<void> {
  listener.onStage("verifying", { total: rowsIn(ledger), done: 0 });
  const differing: string[] = [];
  for (const table of MOVED_TABLES) {
    const entry = entryOf(ledger, table);
    const count = await at(origin, () => countRows(origin.db, table.name));
    const there = await tally(target, table, { onRows });
    if (count !== entry.rows || !isSame(there, entry)) differing.push(table.name);
  }
  if (differing.length === 0) return;
  await at(target, () => forget(target.db));
  throw differs(target, differing);
}

function differs({ name }: MoveEnd, tables: readonly string[]): BridgeError {
  return new BridgeError(
    "move-differs",
    `${name} is not the same as the old store in ${tables.join(", ")}: something else has written to one of them meanwhile.`,
    { hint: "The old store is as it was. Run the same command again: it begins anew." },
  );
}

/** Makes the database one that a bridge can start on. */
async function finish({ origin, target }: Work): Promise<void> {
  await target.db.transaction().execute(async (trx) => {
    await at(origin, () => carryNumbers(origin.db, trx));
    // Until the server gets round to that by itself, it would not know which indexes are worth their while.
    if (isPostgres(trx))
      for (const { name } of MOVED_TABLES) await sql`analyze ${sql.table(name)}`.execute(trx);
    await finishLedger(trx);
  });
}

function moved(
  { origin, target }: Work,
  ledger: Ledger,
  more: Pick<Moved, "before" | "isRepeated">,
): Moved {
  const tables = MOVED_TABLES.map((table) => {
    const { rows, checksum } = entryOf(ledger, table);
    return { name: table.name, rows, checksum };
  });
  return { from: origin.name, to: target.name, tables, ...more };
}

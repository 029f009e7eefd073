import { existsSync } from "node:fs";
import { countRows } from "./count-rows.ts";
import { at, checkApart, checkDifferent, type MoveWay, surveyEnd, surveyOrigin } from "./ends.ts";
import { rowsIn } from "./ledger.ts";
import { MOVED_TABLES, type MovedName } from "./moved-tables.ts";
import { targetState } from "./target-state.ts";

/** What a move would do. */
export interface Survey {
  readonly from: string;
  readonly to: string;
  readonly tables: readonly { readonly name: MovedName; readonly rows: number }[];
  /** How many rows are there already, of a move that was cut off or came to its end. */
  readonly before: number;
  /** Whether a move came to its end already. */
  readonly isDone: boolean;
}

/**
 * Looks at both databases beside the bridges that may run on them, and changes nothing.
 * Throws a `BridgeError` when a move would be refused for what is in them.
 */
export async function surveyMove({ from, to }: MoveWay): Promise<Survey> {
  checkApart({ from, to });
  const origin = await surveyOrigin(from);
  try {
    const tables = [];
    for (const { name } of MOVED_TABLES)
      tables.push({ name, rows: await at(origin, () => countRows(origin.db, name)) });
    const known = { from: origin.name, tables };
    if (to.kind === "sqlite" && !existsSync(to.path))
      return { ...known, to: `The store ${to.path}`, before: 0, isDone: false };
    const target = await surveyEnd(to);
    try {
      if (from.kind === "postgres" && to.kind === "postgres") await checkDifferent(origin, target);
      const state = await at(target, () => targetState(target));
      const ledger = "ledger" in state ? state.ledger : undefined;
      const before = ledger === undefined ? 0 : rowsIn(ledger);
      return { ...known, to: target.name, before, isDone: state.kind === "done" };
    } finally {
      await target.close();
    }
  } finally {
    await origin.close();
  }
}

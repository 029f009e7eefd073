import { realpathSync } from "node:fs";
import { BridgeError } from "../../core/error.ts";
import { checkReadable } from "../migrate.ts";
import type { MoveEnd, OnWait } from "../move-end.ts";
import type { StoreSettings } from "../settings.ts";

/** From where to where a store is moved. */
export interface MoveWay {
  readonly from: StoreSettings;
  readonly to: StoreSettings;
}

/** The database that a store is moved away from, which nobody can write to, and the one that it is moved to. */
export interface MoveEnds {
  readonly origin: MoveEnd;
  readonly target: MoveEnd;
}

/**
 * Opens both databases, neither of which a bridge can then start on.
 * Throws a `BridgeError` when they are the same, one is in use or cannot be used, or there is no store to move.
 */
export async function openEnds({ from, to }: MoveWay, onWait: OnWait): Promise<MoveEnds> {
  checkApart({ from, to });
  const origin = await surveyOrigin(from);
  try {
    const target = await openTarget(to);
    try {
      if (from.kind === "postgres" && to.kind === "postgres") await checkDifferent(origin, target);
      return { origin: await hold(origin, from, onWait), target };
    } catch (error) {
      await target.close();
      throw error;
    }
  } catch (error) {
    await origin.close();
    throw error;
  }
}

/** Throws a `BridgeError` when both are the same file. */
export function checkApart({ from, to }: MoveWay): void {
  if (from.kind === "sqlite" && to.kind === "sqlite" && realPath(from.path) === realPath(to.path))
    throw onItself();
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Opens the store that is to be moved, beside the bridge that may run on it. Throws a `BridgeError` when there is none. */
export async function surveyOrigin(settings: StoreSettings): Promise<MoveEnd> {
  const end = await surveyEnd(settings);
  try {
    await at(end, () => checkReadable(end.db, end.name));
    return end;
  } catch (error) {
    await end.close();
    throw error;
  }
}

/** Opens a database as it is, to look at it. Throws a `BridgeError` when it cannot be read. */
export async function surveyEnd(settings: StoreSettings): Promise<MoveEnd> {
  if (settings.kind === "postgres") {
    const { connectEnd } = await import("../postgres/move-ends.ts");
    return connectEnd(settings);
  }
  const { surveySqlite } = await import("../sqlite/move-ends.ts");
  return surveySqlite(settings.path);
}

async function openTarget(settings: StoreSettings): Promise<MoveEnd> {
  if (settings.kind === "postgres") return surveyEnd(settings);
  const { openSqliteTarget } = await import("../sqlite/move-ends.ts");
  return openSqliteTarget(settings.path);
}

async function hold(end: MoveEnd, settings: StoreSettings, onWait: OnWait): Promise<MoveEnd> {
  if (settings.kind === "postgres") {
    const { holdPostgres } = await import("../postgres/move-ends.ts");
    return at(end, () => holdPostgres(end, onWait));
  }
  const { holdSqlite } = await import("../sqlite/move-ends.ts");
  return holdSqlite(end, settings.path);
}

/** Waits until no bridge works on the database that a store is moved to; on a file, none can. */
export async function untilFree(end: MoveEnd, to: StoreSettings, onWait: OnWait): Promise<void> {
  if (to.kind === "sqlite") return;
  const { untilUnused } = await import("../postgres/unused.ts");
  await at(end, () => untilUnused(end.db, end.name, onWait));
}

/** Throws a `BridgeError` when two databases of PostgreSQL are the same, by whatever names they were reached. */
export async function checkDifferent(origin: MoveEnd, target: MoveEnd): Promise<void> {
  const { identityOf } = await import("../postgres/move-ends.ts");
  const identity = await at(origin, () => identityOf(origin.db));
  if (identity !== undefined && identity === (await at(target, () => identityOf(target.db))))
    throw onItself();
}

function onItself(): BridgeError {
  return new BridgeError("move-onto-itself", "Both are the same store.", {
    hint: "Name the one that is there with --from, and an empty one with --to.",
  });
}

/**
 * Works with one of the two databases. Rejects with a `BridgeError` that names it, and says how to go on, when the disk,
 * the server or the network failed.
 */
export async function at<T>(end: MoveEnd, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BridgeError || !end.isStorageError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new BridgeError("move-cut-off", `${end.name} failed: ${why.replace(/\.$/, "")}.`, {
      hint: "Once that is mended, run the same command again: it goes on where it was.",
      cause: error,
    });
  }
}

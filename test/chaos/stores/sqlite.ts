import { existsSync } from "node:fs";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { TrialStore } from "./trial-store.ts";

/** A store in a file in a folder, which is its owner's to remove. */
export function sqliteTrial(folder: string): TrialStore {
  const file = join(folder, "bellhop.db");
  const saved = join(folder, "saved.db");
  const empty = async () => {
    for (const end of ["", "-wal", "-shm", ".lock"]) await rm(`${file}${end}`, { force: true });
  };
  const using = async <T>(options: Database.Options, work: (db: Database.Database) => T) => {
    const db = new Database(file, options);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  return {
    kind: "sqlite",
    place: file,
    settings: { kind: "sqlite", path: file },
    rows: <Row extends object>(query: string) =>
      using({ readonly: true }, (db) => db.prepare<[], Row>(query).all()),
    run: (statements) => using({}, (db) => void db.exec(statements)),
    empty,
    save: async () => {
      await rm(saved, { force: true });
      if (existsSync(file)) await copyFile(file, saved);
    },
    restore: async () => {
      await empty();
      if (existsSync(saved)) await copyFile(saved, file);
    },
    close: async () => {},
  };
}

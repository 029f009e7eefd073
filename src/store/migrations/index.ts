import type { Migration } from "kysely/migration";
import { initial } from "./001-initial.ts";

/** All migrations by name, in order; only ever appended to. */
export const MIGRATIONS: Record<string, Migration> = {
  "001-initial": initial,
};

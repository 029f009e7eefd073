import type { Migration } from "kysely/migration";
import { initial } from "./001-initial.ts";
import { reports } from "./002-reports.ts";
import { lanes } from "./003-lanes.ts";
import { retention } from "./004-retention.ts";
import { waiting } from "./005-waiting.ts";
import { times } from "./006-times.ts";
import { parked } from "./007-parked.ts";
import { duplicates } from "./008-duplicates.ts";

/** All migrations by name, in order; only ever appended to. */
export const MIGRATIONS: Record<string, Migration> = {
  "001-initial": initial,
  "002-reports": reports,
  "003-lanes": lanes,
  "004-retention": retention,
  "005-waiting": waiting,
  "006-times": times,
  "007-parked": parked,
  "008-duplicates": duplicates,
};

import type { Migration } from "kysely/migration";
import { initial } from "./001-initial.ts";
import { reports } from "./002-reports.ts";
import { lanes } from "./003-lanes.ts";
import { retention } from "./004-retention.ts";
import { waiting } from "./005-waiting.ts";
import { times } from "./006-times.ts";
import { parked } from "./007-parked.ts";
import { duplicates } from "./008-duplicates.ts";
import { bridges } from "./009-bridges.ts";
import { upkeep } from "./010-upkeep.ts";
import { rulebooks } from "./011-rulebooks.ts";

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
  "009-bridges": bridges,
  "010-upkeep": upkeep,
  "011-rulebooks": rulebooks,
};

/**
 * The newest migration of the oldest version of Bellhop that can work on a store which this version brought up to date;
 * the version before this one always can, so that bridges are replaced one after the other.
 */
export const OLDEST_COMPATIBLE = "009-bridges";

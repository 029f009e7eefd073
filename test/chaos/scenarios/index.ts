import type { Scenario } from "../scenario.ts";
import { away } from "./away.ts";
import { bridges } from "./bridges.ts";
import { faults } from "./faults.ts";
import { kill } from "./kill.ts";
import { reload } from "./reload.ts";
import { requests } from "./requests.ts";
import { statements } from "./statements.ts";

/** Every scenario, in the order in which they are run. */
export const SCENARIOS: readonly Scenario[] = [
  kill,
  bridges,
  faults,
  away,
  requests,
  reload,
  statements,
];

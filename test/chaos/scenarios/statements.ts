import type { Figure, Plan, Scenario } from "../scenario.ts";
import { dieInEvents } from "../statements/events.ts";
import { STORE_WORKS } from "../statements/store-works.ts";
import { dieInWork } from "../statements/works.ts";

/** A process dies after its n-th statement, for every n. */
export const statements: Scenario = {
  name: "statements",
  title: "kill -9 after the n-th SQL statement of a migration, a prune, a replay, a normal event",
  run,
};

/** The most statements of one piece of work after which a process dies. */
const MOST = { full: 200, short: 2 } as const;

async function run(plan: Plan): Promise<readonly Figure[]> {
  const most = MOST[plan.size];
  const figures: Figure[] = [];
  for (const work of STORE_WORKS) figures.push(...(await dieInWork(work, most, plan)));
  return [...figures, ...(await dieInEvents(most, plan))];
}

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

const NORMAL_EVENT = "a normal event";

async function run(plan: Plan): Promise<readonly Figure[]> {
  const most = MOST[plan.size];
  const figures: Figure[] = [];
  const add = (found: readonly Figure[]) => {
    figures.push(...found);
    plan.found(found);
  };
  const isAsked = (name: string) => name.includes(plan.only ?? "");
  for (const work of STORE_WORKS) {
    const isAble = work.stores?.includes(plan.stores.kind) ?? true;
    if (isAble && isAsked(work.name)) add(await dieInWork(work, most, plan));
  }
  if (isAsked(NORMAL_EVENT)) add(await dieInEvents(most, plan));
  return figures;
}

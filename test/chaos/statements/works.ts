import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { informs, mustBe } from "../figures.ts";
import type { Figure, Plan } from "../scenario.ts";
import type { TrialStore } from "../stores/trial-store.ts";
import { countNoted, dyingAfter, spread, workOn } from "./killing.ts";
import { open } from "./seeds.ts";
import { breachesIn } from "./soundness.ts";
import type { StoreWork } from "./store-works.ts";

/** Has a process die after the n-th statement of a piece of work, for at most so many n, and starts again on its store. */
export async function dieInWork(
  work: StoreWork,
  most: number,
  { stores, progress }: Plan,
): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-statements-"));
  const trial = await stores.trial(folder);
  try {
    await work.seed(trial);
    await trial.save();
    const log = join(folder, "statements");
    const whole = await dieOnce(work, trial, dyingAfter(stores.kind, { noted: log }));
    const total = await countNoted(log);
    let [kills, breaches, others] = [0, whole.breaches, 0];
    const statements = spread(total, most);
    for (const statement of statements) {
      const found = await dieOnce(work, trial, dyingAfter(stores.kind, statement));
      if (found.isKilled) kills += 1;
      breaches += found.breaches;
      if (found.result !== whole.result) others += 1;
      progress(`${work.name}, ${statement} of ${total} statements`);
    }
    return [
      mustBe(`kills in ${work.name}`, kills, statements.length),
      informs("… which runs so many statements", total),
      mustBe("… breaches in the store of the next start", breaches, 0),
      mustBe("… stores that end otherwise than without a kill", others, 0),
    ];
  } finally {
    await trial.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Found {
  readonly isKilled: boolean;
  readonly breaches: number;
  /** Everything that must not depend on whether the process was killed. */
  readonly result: string;
}

async function dieOnce(
  work: StoreWork,
  trial: TrialStore,
  dying: Record<string, string>,
): Promise<Found> {
  await trial.restore();
  const isKilled = !(await workOn(work.work, trial.place, dying));
  await (await open(trial)).close();
  const atStart = await breachesIn(trial);
  await work.recover(trial);
  const breaches = atStart.length + (await breachesIn(trial)).length;
  const rows: unknown[] = [];
  for (const query of work.result)
    rows.push(await trial.rows(typeof query === "string" ? query : query[trial.kind]));
  return { isKilled, breaches, result: JSON.stringify(rows) };
}

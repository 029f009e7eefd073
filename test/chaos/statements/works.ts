import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqlite } from "../../../src/store/sqlite/open.ts";
import { informs, mustBe } from "../figures.ts";
import type { Figure, Plan } from "../scenario.ts";
import { countNoted, dyingAfter, spread, workOn } from "./killing.ts";
import { breachesIn, rowsIn } from "./soundness.ts";
import type { StoreWork } from "./store-works.ts";

/** Has a process die after the n-th statement of a piece of work, for at most so many n, and starts again on its store. */
export async function dieInWork(
  work: StoreWork,
  most: number,
  { progress }: Plan,
): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "bellhop-statements-"));
  try {
    const seed = join(folder, "seed.db");
    await work.seed(seed);
    const log = join(folder, "statements");
    const whole = await dieOnce(work, seed, dyingAfter({ noted: log }));
    const total = await countNoted(log);
    let [kills, breaches, others] = [0, whole.breaches, 0];
    const statements = spread(total, most);
    for (const statement of statements) {
      const found = await dieOnce(work, seed, dyingAfter(statement));
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
  seed: string,
  dying: Record<string, string>,
): Promise<Found> {
  const file = `${seed}.copy`;
  if (existsSync(seed)) await copyFile(seed, file);
  const isKilled = !(await workOn(work.work, file, dying));
  await (await openSqlite(file)).close();
  const atStart = breachesIn(file).length;
  await work.recover(file);
  const breaches = atStart + breachesIn(file).length;
  const result = JSON.stringify(work.result.map((query) => rowsIn(file, query)));
  for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`])
    await rm(name, { force: true });
  return { isKilled, breaches, result };
}

import { built } from "../built.ts";
import type { Figure } from "../figure.ts";
import { openBench } from "../house.ts";
import { environment } from "../../test/end-to-end/house.ts";
import { run } from "../../test/end-to-end/process.ts";
import type { Bench, Effort } from "./bench.ts";

/** How long `bellhop check` takes for a large config, from the shell. */
export const check: Bench = {
  name: "check",
  about: "`bellhop check` of a config with 1,000 routes and 1,000 channels",
  run: measure,
};

const SIZES = [20, 1_000] as const;

async function measure(effort: Effort): Promise<Figure[]> {
  const measured = SIZES.map((routes) => ({ routes, rounds: [] as number[] }));
  const version: number[] = [];
  const main = await built();
  for (let round = 0; round < effort.rounds; round += 1) {
    effort.say(`check: round ${round + 1} of ${effort.rounds}`);
    for (const { routes, rounds } of measured) {
      const house = await openBench({ routes, channels: routes });
      const env = environment(house.sandbox);
      rounds.push(await timed(() => run(["check"], house.folder, env, main)));
      if (routes === SIZES[0])
        version.push(await timed(() => run(["--version"], house.folder, env, main)));
      await house.close();
    }
  }
  const [few] = measured;
  return measured.map(({ routes, rounds }) => ({
    name: `check, ${routes} routes`,
    unit: "ms",
    rounds,
    beside: [
      routes === SIZES[0]
        ? { name: "bellhop --version", rounds: version }
        : { name: `${SIZES[0]} routes`, rounds: few?.rounds ?? [] },
    ],
  }));
}

async function timed(
  work: () => Promise<{ readonly code: number | null; readonly err: string }>,
): Promise<number> {
  const began = performance.now();
  const { code, err } = await work();
  if (code !== 0) throw new Error(`The command ended with ${code}: ${err}`);
  return performance.now() - began;
}

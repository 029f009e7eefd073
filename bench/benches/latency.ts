import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { openBench } from "../house.ts";
import { steady } from "../load/steady.ts";
import { webhooks } from "../load/webhooks.ts";
import { startOwn } from "../yardsticks/yardstick.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How long a webhook waits for its answer at a steady rate, most of them being processed meanwhile. */
export const latency: Bench = {
  name: "latency",
  about: "how long webhooks wait for their answer at 1,000 a second",
  run: measure,
};

const PER_SECOND = 1_000;

/** Webhooks in a round. */
const FULL = 8_000;

/** What is left out at the beginning of each round. */
const WARM_UP = 0.2;

const SHARES = [
  { name: "p50", share: 0.5 },
  { name: "p99", share: 0.99 },
  { name: "p99.9", share: 0.999 },
] as const;

async function measure(effort: Effort): Promise<Figure[]> {
  const house = await openBench({ routes: 20, channels: 20 });
  const bridge = await house.serve();
  const bare = await startOwn("bare");
  const took = { bellhop: [] as number[][], bare: [] as number[][] };
  try {
    const volume = { events: amount(FULL, effort), subjects: 1_000, lanes: 20 };
    for (let round = 0; round < effort.rounds; round += 1) {
      effort.say(`latency: round ${round + 1} of ${effort.rounds}`);
      const sent = await webhooks(house.config, { ...volume, seed: round });
      for (const [name, { url }] of [
        ["bare", bare],
        ["bellhop", bridge],
      ] as const) {
        const all = await steady(url, sent, PER_SECOND);
        took[name].push(all.slice(all.length * WARM_UP));
      }
    }
  } finally {
    await bare.stop();
    await house.close();
  }
  return SHARES.map(({ name, share }) => ({
    name: `intake latency at ${PER_SECOND}/s, ${name}`,
    unit: "ms",
    rounds: took.bellhop.map((round) => quantile(round, share)),
    beside: [{ name: "bare Fastify", rounds: took.bare.map((round) => quantile(round, share)) }],
    ...(name === "p99" && { goal: { most: 3, of: "bare Fastify" } }),
  }));
}

import type { Figure } from "../figure.ts";
import { quantile } from "../figure.ts";
import { type House, openBench } from "../house.ts";
import { decided } from "../load/decided.ts";
import { steady } from "../load/steady.ts";
import { webhooks } from "../load/webhooks.ts";
import { startOwn } from "../yardsticks/yardstick.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How long a webhook waits for its answer at a steady rate, most of them being processed meanwhile. */
export const latency: Bench = {
  name: "latency",
  about: "how long webhooks wait for their answer at 1,000 and at 250 a second",
  run: measure,
};

/** Webhooks a second: as DESIGN asks, and at a rate that slow machines carry as well. */
const RATES = [1_000, 250] as const;

/** How long a round lasts, in seconds. */
const FULL_S = 3;

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
  try {
    const figures: Figure[] = [];
    for (const rate of RATES)
      figures.push(...(await atRate(rate, { house, bridge, bare }, effort)));
    return figures;
  } finally {
    await bare.stop();
    await house.close();
  }
}

interface Servers {
  readonly house: House;
  readonly bridge: { readonly url: string };
  readonly bare: { readonly url: string };
}

async function atRate(
  rate: number,
  { house, bridge, bare }: Servers,
  effort: Effort,
): Promise<Figure[]> {
  const took = { bellhop: [] as number[][], bare: [] as number[][] };
  const volume = { events: amount(rate * FULL_S, effort), subjects: 1_000, lanes: 20 };
  for (let round = 0; round < effort.rounds; round += 1) {
    effort.say(`latency: ${rate}/s, round ${round + 1} of ${effort.rounds}`);
    const sent = await webhooks(house.config, { ...volume, seed: rate + round });
    for (const [name, { url }] of [
      ["bare", bare],
      ["bellhop", bridge],
    ] as const) {
      const all = await steady(url, sent, rate);
      await decided(house.config);
      took[name].push(all.slice(all.length * WARM_UP));
    }
  }
  return SHARES.map(({ name, share }) => ({
    name: `intake latency at ${rate.toLocaleString("en")}/s, ${name}`,
    unit: "ms",
    rounds: took.bellhop.map((round) => quantile(round, share)),
    beside: [{ name: "bare Fastify", rounds: took.bare.map((round) => quantile(round, share)) }],
    ...(name === "p99" && rate === RATES[0] && { goal: { most: 3, of: "bare Fastify" } }),
  }));
}

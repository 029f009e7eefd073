import { join } from "node:path";
import { environment } from "../../test/end-to-end/house.ts";
import type { Figure } from "../figure.ts";
import { openBench } from "../house.ts";
import { burst } from "../load/burst.ts";
import { decided } from "../load/decided.ts";
import { webhooks } from "../load/webhooks.ts";
import { startOwn } from "../yardsticks/yardstick.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How fast a burst of webhooks is taken: verified, validated and on disk before each is answered. */
export const intake: Bench = {
  name: "intake",
  about: "signed webhooks of 2.6 KB, as fast as they are answered",
  run: measure,
};

/** Webhooks in one burst. */
const FULL = 4_800;

async function measure(effort: Effort): Promise<Figure[]> {
  const house = await openBench({ routes: 20, channels: 20 });
  const bridge = await house.serve();
  const bare = await startOwn("bare");
  const database = join(house.folder, "insert.db");
  const insert = await startOwn("insert", { ...environment(house.sandbox), DATABASE: database });
  const servers = [
    { name: "Bellhop", url: bridge.url, rounds: [] as number[] },
    { name: "bare Fastify", url: bare.url, rounds: [] as number[] },
    { name: "Fastify, HMAC, insert", url: insert.url, rounds: [] as number[] },
  ] as const;
  try {
    const volume = { events: amount(FULL, effort, 64), subjects: 1_000, lanes: 20 };
    // The first round only warms up.
    for (let round = 0; round <= effort.rounds; round += 1) {
      effort.say(`intake: round ${round} of ${effort.rounds}`);
      const sent = await webhooks(house.config, { ...volume, seed: round });
      for (const { url, rounds } of servers) {
        const perSecond = await burst(url, sent);
        await decided(house.config);
        if (round > 0) rounds.push(perSecond);
      }
    }
  } finally {
    await Promise.all([bare.stop(), insert.stop()]);
    await house.close();
  }
  const [bellhop, ...beside] = servers;
  return [
    {
      name: "intake",
      unit: "/s",
      rounds: bellhop.rounds,
      beside,
      goal: { least: 0.5, of: "bare Fastify" },
    },
  ];
}

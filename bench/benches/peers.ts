import type { Figure } from "../figure.ts";
import { openBench } from "../house.ts";
import { burst } from "../load/burst.ts";
import { decided } from "../load/decided.ts";
import { webhooks } from "../load/webhooks.ts";
import { installedPeers } from "../peers/index.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How fast a burst is taken, beside programs that people would take for the same task. */
export const peers: Bench = {
  name: "peers",
  about:
    "the same beside Alertmanager, webhook and Node-RED, where they are installed; see bench/peers.md",
  run: measure,
};

/** Requests in one burst. */
const FULL = 3_200;

async function measure(effort: Effort): Promise<Figure[]> {
  const installed = installedPeers();
  if (installed.length === 0) return [];
  const house = await openBench({ routes: 20, channels: 20 });
  const own: number[] = [];
  const servers = [];
  try {
    const bridge = await house.serve();
    for (const peer of installed)
      servers.push({ peer, server: await peer.start(house.folder), rounds: [] as number[] });
    const volume = { events: amount(FULL, effort, 64), subjects: 1_000, lanes: 20 };
    // The first round only warms up.
    for (let round = 0; round <= effort.rounds; round += 1) {
      effort.say(`peers: round ${round} of ${effort.rounds}`);
      const sent = await webhooks(house.config, { ...volume, seed: round });
      const perSecond = await burst(bridge.url, sent);
      await decided(house.config);
      if (round > 0) own.push(perSecond);
      for (const { peer, server, rounds } of servers) {
        const theirs = await burst(server.url, sent.map(peer.request));
        if (round > 0) rounds.push(theirs);
      }
    }
  } finally {
    await Promise.all(servers.map(({ server }) => server.stop()));
    await house.close();
  }
  return [
    {
      name: "intake, beside peers",
      unit: "/s",
      rounds: own,
      beside: servers.map(({ peer, rounds }) => ({ name: peer.name, rounds })),
      goal: { least: 1, of: "Alertmanager" },
    },
  ];
}

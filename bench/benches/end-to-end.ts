import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { type Figure, quantile } from "../figure.ts";
import { openBench } from "../house.ts";
import { steady } from "../load/steady.ts";
import { webhooks } from "../load/webhooks.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How long it takes from a webhook to its message in an idle bridge: intake, process and deliver, each with its commit. */
export const endToEnd: Bench = {
  name: "end-to-end",
  about: "one webhook at a time, from sending it until Slack has its message",
  run: measure,
};

/** Webhooks in a round. */
const FULL = 200;

/** Each webhook is of another channel, so that none waits for its turn. */
const CHANNELS = 250;

/** The pause between a message and the next webhook, in milliseconds. */
const IDLE_MS = 10;

async function measure(effort: Effort): Promise<Figure[]> {
  const house = await openBench({ routes: CHANNELS, channels: CHANNELS, takesAll: true });
  const rounds: number[][] = [];
  try {
    const bridge = await house.serve();
    const posted = new EventTarget();
    house.sandbox.onMessage(() => posted.dispatchEvent(new Event("message")));
    // The first round only warms up.
    for (let round = 0; round <= effort.rounds; round += 1) {
      effort.say(`end-to-end: round ${round} of ${effort.rounds}`);
      const events = Math.min(amount(FULL, effort), CHANNELS);
      const sent = await webhooks(house.config, {
        events,
        subjects: events,
        lanes: CHANNELS,
        seed: round,
      });
      const took: number[] = [];
      for (const one of sent) {
        const message = once(posted, "message");
        const began = performance.now();
        await Promise.all([steady(bridge.url, [one], 1), message]);
        took.push(performance.now() - began);
        await pause(IDLE_MS);
      }
      if (round > 0) rounds.push(took);
      // By then every channel is open again.
      await pause(1_000);
    }
  } finally {
    await house.close();
  }
  const at = (share: number) => rounds.map((took) => quantile(took, share));
  return [
    { name: "idle webhook to message, p50", unit: "ms", rounds: at(0.5), goal: { most: 10 } },
    { name: "idle webhook to message, p99", unit: "ms", rounds: at(0.99), goal: { most: 50 } },
  ];
}

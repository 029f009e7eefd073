import { setTimeout as pause } from "node:timers/promises";
import { ulid } from "ulid";
import { processEvent, type Rules } from "../../src/pipeline/process.ts";
import type { Figure } from "../figure.ts";
import { type House, openBench } from "../house.ts";
import { inStore, keepEvents } from "../stored.ts";
import { amount, type Bench, type Effort } from "./bench.ts";

/** How fast messages that wait go out, into one channel that takes one a second, and into a thousand. */
export const drain: Bench = {
  name: "drain",
  about:
    "messages that wait: 30 in one channel and 2,000 in 1,000 (600 and 10,000 with --long), Slack's limits enforced",
  run: measure,
};

/** Slack takes one message a second in a channel. https://docs.slack.dev/apis/web-api/rate-limits */
const PER_CHANNEL_S = 1;

async function measure(effort: Effort): Promise<Figure[]> {
  const one = await drained(
    { channels: 1, messages: amount(effort.isLong ? 600 : 30, effort) },
    effort,
  );
  const many = await drained(
    { channels: 1_000, messages: amount(effort.isLong ? 10_000 : 2_000, effort, 1_000) },
    effort,
  );
  return [
    {
      name: `${one.messages} messages into one channel, against the least possible time`,
      unit: "",
      rounds: [one.seconds / one.leastSeconds],
      goal: { most: 1.05 },
    },
    { name: "429s meanwhile", unit: "", rounds: [one.refused], goal: { most: 1 } },
    {
      name: `${many.messages} messages into ${many.channels} channels`,
      unit: "/s",
      rounds: [many.messages / many.seconds],
      beside: [{ name: "the channels' limit", rounds: [many.messages / many.leastSeconds] }],
    },
  ];
}

interface Drained {
  readonly channels: number;
  readonly messages: number;
  readonly seconds: number;
  readonly leastSeconds: number;
  readonly refused: number;
}

async function drained(
  { channels, messages }: { readonly channels: number; readonly messages: number },
  effort: Effort,
): Promise<Drained> {
  const size = {
    routes: channels,
    channels,
    takesAll: true,
    sandbox: { rateLimits: "strict" },
  } as const;
  const house = await openBench(size);
  try {
    effort.say(`drain: ${messages} messages in ${channels} channels`);
    await decideAll(house, messages, channels);
    await house.serve();
    while (house.sandbox.messages.length < messages) await pause(100);
    const times = house.sandbox.messages.map(({ receivedAt }) => receivedAt);
    const seconds = (Math.max(...times) - Math.min(...times)) / 1_000;
    const leastSeconds = Math.max(1, messages / channels - 1) / PER_CHANNEL_S;
    return { channels, messages, seconds, leastSeconds, refused: house.sandbox.refused.length };
  } finally {
    await house.close();
  }
}

function newId(kind: string): string {
  return `${kind}_${ulid()}`;
}

/** Has messages wait, one of each event, as process leaves them. */
async function decideAll({ config }: House, events: number, lanes: number): Promise<void> {
  const rules: Rules = {
    revision: config.revision,
    sources: new Map(config.sources.map((source) => [source.name, source])),
    destinations: new Map(config.destinations.map((one) => [one.name, one])),
    routes: config.routes,
  };
  await inStore(config, async (store) => {
    await keepEvents(store, config, { events, subjects: Math.max(lanes, 100), lanes, seed: 1 });
    let isDone = false;
    while (!isDone)
      isDone =
        (await store.process(
          100,
          Date.now(),
          (event, before) => processEvent(event, before, rules, newId),
          () => false,
        )) === 0;
  });
}

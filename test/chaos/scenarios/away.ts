import { join } from "node:path";
import { BACKOFF } from "../../../src/core/backoff.ts";
import type { SandboxMessage } from "../../../src/sandbox/message.ts";
import { environment } from "../../end-to-end/house.ts";
import { serve } from "../../end-to-end/process.ts";
import { databaseClock } from "../clock/database-clock.ts";
import { SimulatedClock } from "../clock/simulated-clock.ts";
import { drained } from "../drained.ts";
import { atMost, informs, mustBe } from "../figures.ts";
import { readStore } from "../ledger.ts";
import { COLLECTABLE, liveMemory } from "../live-memory.ts";
import { openRig, type Rig } from "../rig.ts";
import type { Figure, Plan, Scenario } from "../scenario.ts";
import { Sender } from "../sender.ts";
import { traffic } from "../traffic.ts";
import { judge } from "../verdict.ts";
import { verdictFigures } from "../verdict-figures.ts";
import { MemoryWatch } from "../memory-watch.ts";

/** Slack is away for a day of simulated time, and then comes back. */
export const away: Scenario = {
  name: "away",
  title:
    "Slack away for a simulated day: half of it refusing connections, half of it answering 503",
  run,
};

const HOUR_MS = 3_600_000;

/**
 * A bot has ten channels: what Slack lets a whole workspace post is several hundred messages a minute.
 * While Slack is away time may run as fast as it likes; afterwards each message costs a real round trip, which a fast
 * clock makes longer than it is, so that only real time says how fast a channel is emptied. In full a channel has 2,000
 * messages, so that the minute in which the bridge finds out that Slack is back is less than the 5 % that it may add.
 */
const SIZES = {
  full: {
    events: 20_000,
    before: 100,
    lanes: 10,
    tokens: 1,
    awayMs: 24 * HOUR_MS,
    awayFactor: 600,
    backFactor: 1,
  },
  short: {
    events: 200,
    before: 10,
    lanes: 10,
    tokens: 1,
    awayMs: HOUR_MS,
    awayFactor: 900,
    backFactor: 30,
  },
} as const;

/**
 * The fastest that time may run: a bridge gives a database so many seconds for an answer, and a fast clock that it asks for
 * is wrong by more than a channel's pace forgives while messages are posted.
 */
const FASTEST = {
  sqlite: { away: Infinity, back: Infinity },
  postgres: { away: 120, back: 1 },
} as const;

const VOLUME = { subjects: 200, kinds: ["slack-bot"] } as const;

/** The least pause between two messages in a channel. https://docs.slack.dev/apis/web-api/rate-limits */
const PACE_MS = 1_000;

/**
 * What the full form may cost: as parts of the least time possible, from a channel's first message on, and MiB above what
 * the bridge held at half of the time, with half of the events waiting.
 */
const MOST = { time: 1.05, memory: 32 } as const;

/** How long a channel's first message may take once Slack is back: the longest pause between two tries, and an attempt. */
const MOST_UNTIL_FIRST_S = BACKOFF.longestMs / 1_000 + 5;

/** The part of the time away by which a bridge that was just started has what it needs to work. */
const HALF = 0.5;

/** The parts of the time away after which memory is looked at. */
const PARTS = [0.1, 0.25, HALF, 0.75, 1] as const;

/**
 * How many MiB the bridge may hold of young objects. Node otherwise takes what the machine has for them, so that its
 * size says more about the machine than about the backlog.
 */
const YOUNG_MIB = 8;

/**
 * How long Slack stays away once time runs as it does while messages are posted, in real milliseconds: a bridge on a
 * database asks for its time every 5 s, and goes by what it was told of a faster one until then.
 */
const SETTLE_MS = { sqlite: 0, postgres: 15_000 } as const;

/** How many events may be on their way while time runs fast. */
const MOST_BEHIND = 500;

/** How often the next events are let go, in real milliseconds. */
const STEP_MS = 20;

async function run(plan: Plan): Promise<readonly Figure[]> {
  let clock: SimulatedClock | undefined;
  const now = () => clock?.now() ?? Date.now();
  const { lanes, tokens } = SIZES[plan.size];
  const rig = await openRig({
    ...VOLUME,
    lanes,
    tokens,
    stores: plan.stores,
    // Of simulated time, which runs faster than a round trip does.
    timeout: "60s",
    tolerance: "1d",
    database: { connect_timeout: "1m", statement_timeout: "10m" },
    sandbox: { now, rateLimits: "strict" },
  });
  try {
    const told = rig.store.kind === "sqlite" ? undefined : await databaseClock(rig.store);
    clock = await SimulatedClock.start(join(rig.folder, "clock.json"), told);
    return await comeBack(rig, clock, plan);
  } finally {
    await rig.close();
  }
}

async function comeBack(rig: Rig, clock: SimulatedClock, plan: Plan): Promise<Figure[]> {
  const { sandbox, config, url } = rig;
  const sizes = SIZES[plan.size];
  const fastest = FASTEST[plan.stores.kind];
  const awayFactor = Math.min(sizes.awayFactor, fastest.away);
  const backFactor = Math.min(sizes.backFactor, fastest.back);
  const messages: SandboxMessage[] = [];
  sandbox.onMessage((message) => messages.push(message));
  const { NODE_OPTIONS, ...clocked } = clock.environment();
  const bridge = await serve(rig.folder, {
    ...environment(sandbox),
    ...clocked,
    NODE_OPTIONS: `${NODE_OPTIONS} ${COLLECTABLE.NODE_OPTIONS} --max-semi-space-size=${YOUNG_MIB}`,
  });
  const events = await traffic({ ...VOLUME, ...sizes, seed: plan.seed });
  const sender = new Sender(url, config.sources, () => clock.now());
  const sending = sender.send(events);
  const progress = (phase: string) =>
    plan.progress(`${phase}, ${sender.accepted.size} events, ${messages.length} messages`);

  await clock.pace(backFactor);
  sender.allow(sizes.before);
  while (messages.length < sizes.before) await sleep(STEP_MS);
  const watch = new MemoryWatch(url);
  const before = await watch.most();
  // In a short run code that is compiled meanwhile weighs more than a backlog: only objects in use say whether it is held.
  const live: number[] = [];
  const look = async () => {
    if (plan.size === "short") live.push(await liveMemory(bridge));
  };
  await look();
  const held: number[] = [];

  await clock.pace(awayFactor);
  const goneAt = clock.now();
  const rest = sizes.events - sizes.before;
  const until = async (part: number) => {
    for (let gone = 0; gone < part; await sleep(STEP_MS)) {
      gone = (clock.now() - goneAt) / sizes.awayMs;
      const allowed = sizes.before + Math.ceil(rest * Math.min(gone, part));
      sender.allow(allowed);
      await waitFor(sender, allowed - MOST_BEHIND, clock, awayFactor);
      progress(`away for ${Math.floor((gone * sizes.awayMs) / HOUR_MS)} h`);
    }
  };
  await sandbox.down();
  for (const part of PARTS) {
    await until(part);
    held.push(await watch.most());
    if (part !== HALF) continue;
    sandbox.fault({ platform: "slack", fault: { kind: "status", status: 503 }, count: Infinity });
    await sandbox.up();
  }
  await sending;
  const tries = sandbox.requests;
  await clock.pace(backFactor);
  await sleep(SETTLE_MS[plan.stores.kind]);
  await look();
  const posted = messages.length;
  sandbox.clear();
  const backAt = clock.now();

  await drained(url, sandbox, () => progress("back"));
  const afterwards = await watch.most();
  await look();
  watch.stop();
  const code = await bridge.stop();

  const store = await readStore(rig.store);
  const verdict = judge({
    ...VOLUME,
    lanes: sizes.lanes,
    events,
    accepted: sender.accepted,
    messages,
    store,
  });
  const late = messages.slice(posted);
  const channels = [...Map.groupBy(late, ({ channel }) => channel).values()];
  const first = Math.max(...channels.map((lane) => (lane[0]?.receivedAt ?? Infinity) - backAt));
  const whole = (late.at(-1)?.receivedAt ?? Infinity) - backAt;
  const ratio = Math.round(Math.max(...channels.map(timeOfLeast)) * 1_000) / 1_000;
  const half = PARTS.indexOf(HALF) + 1;
  const [yardstick, later] = [Math.max(...held.slice(0, half)), held.slice(half)];
  const least = (Math.max(...channels.map((lane) => lane.length)) - 1) * PACE_MS;
  // In a short run a single slow answer weighs too much.
  const inFull = (name: string, value: number, most: number) =>
    plan.size === "full" ? atMost(name, value, most) : informs(name, value);
  return [
    informs("simulated hours away", sizes.awayMs / HOUR_MS),
    informs("requests that Slack answered with 503", tries),
    mustBe("messages posted while Slack was away", posted - sizes.before, 0),
    mustBe("events accepted", verdict.accepted, sizes.events),
    ...verdictFigures(verdict, store),
    informs("channels with messages that waited", channels.length),
    inFull(
      "simulated seconds until each of them had its first one",
      Math.round(first / 1_000),
      MOST_UNTIL_FIRST_S,
    ),
    informs("… until all had their last one", Math.round(whole / 1_000)),
    inFull(
      "… as parts of the least that one a second and channel allows",
      Math.round((whole / least) * 1_000) / 1_000,
      MOST.time,
    ),
    inFull("from a channel's first one to its last, as parts of the least time", ratio, MOST.time),
    mustBe("messages that Slack refused as too fast", sandbox.refused.length, 0),
    mustBe("requests inside a wait that Slack had asked for", sandbox.early, 0),
    informs("MiB of memory before", before),
    informs(
      `… at most until ${PARTS.slice(0, half).join(", ")} of the time`,
      held.slice(0, half).join(", "),
    ),
    inFull(
      `… at most until ${PARTS.slice(half).join(", ")} of it, with up to twice as many waiting`,
      Math.max(...later),
      yardstick + MOST.memory,
    ),
    inFull("… at most until all was delivered", afterwards, yardstick + MOST.memory),
    ...(plan.size === "short"
      ? [
          informs("MiB of objects in use before, with all waiting, afterwards", live.join(", ")),
          atMost(
            "… more than before, with all waiting and afterwards",
            Math.max(...live.slice(1)) - (live[0] ?? Number.NaN),
            MOST.memory,
          ),
        ]
      : []),
    mustBe("exit code when told to stop", code ?? -1, 0),
  ];
}

/** On a slow machine time must wait for the events, or it would be days until all have come. */
async function waitFor(
  sender: Sender,
  events: number,
  clock: SimulatedClock,
  factor: number,
): Promise<void> {
  if (sender.accepted.size >= events) return;
  await clock.pace(1);
  while (sender.accepted.size < events) await sleep(STEP_MS);
  await clock.pace(factor);
}

/** How long a channel's messages took, from the first to the last, as parts of what one a second takes. */
function timeOfLeast(lane: readonly SandboxMessage[]): number {
  const tookMs = (lane.at(-1)?.receivedAt ?? Infinity) - (lane[0]?.receivedAt ?? 0);
  return lane.length < 2 ? 1 : tookMs / ((lane.length - 1) * PACE_MS);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

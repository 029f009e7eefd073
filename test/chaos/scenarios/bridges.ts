import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { environment } from "../../end-to-end/house.ts";
import { Accounts } from "../bridges/accounts.ts";
import {
  databaseFigures,
  laneFigures,
  paceFigures,
  startFigures,
} from "../bridges/bridges-figures.ts";
import { Fleet } from "../bridges/fleet.ts";
import { carelessHabits } from "../bridges/habits.ts";
import { laneTimes, readAttempts } from "../bridges/lane-times.ts";
import { type Outage, outage } from "../bridges/outages.ts";
import { clockAhead } from "../clock/ahead.ts";
import { drained } from "../drained.ts";
import { informs, mustBe } from "../figures.ts";
import { readStore } from "../ledger.ts";
import { seeded } from "../random.ts";
import { openRig, type Rig } from "../rig.ts";
import type { Figure, Plan, Scenario } from "../scenario.ts";
import { Sender } from "../sender.ts";
import { traffic } from "../traffic.ts";
import { judge } from "../verdict.ts";
import { verdictFigures } from "../verdict-figures.ts";

/** Several bridges share one database; they are killed by turns, and the database goes away and comes back. */
export const bridges: Scenario = {
  name: "bridges",
  title:
    "several bridges on one database, kill -9 of one again and again, PostgreSQL restarted, clocks 5 minutes off",
  stores: ["postgres"],
  run,
};

interface Size {
  readonly bridges: number;
  readonly events: number;
  readonly subjects: number;
  readonly lanes: number;
  readonly tokens: number;
  readonly kills: number;
  /** The shortest and the longest time between two kills, from when messages come, in milliseconds. */
  readonly everyMs: readonly [number, number];
  /** Before which kills the database goes away, and how. */
  readonly outages: ReadonlyMap<number, "stop" | "kill">;
}

const SIZES: Readonly<Record<Plan["size"], Size>> = {
  full: {
    bridges: 4,
    events: 20_000,
    subjects: 2_000,
    lanes: 150,
    tokens: 25,
    kills: 60,
    everyMs: [6_000, 9_000],
    outages: new Map([
      [20, "stop"],
      [40, "kill"],
    ]),
  },
  short: {
    bridges: 2,
    events: 160,
    subjects: 40,
    lanes: 40,
    tokens: 10,
    kills: 2,
    everyMs: [50, 400],
    outages: new Map([[1, "kill"]]),
  },
};

/** By how much the bridges' clocks are off, by turns, in milliseconds. */
const CLOCKS_MS = [-300_000, 300_000, 0] as const;

/** How often it is looked whether messages come, and for how long at most, in milliseconds; ours. */
const [LOOK_EVERY_MS, PATIENCE_MS] = [20, 60_000];

/** How many requests the platforms answer slowly, so that attempts are under way at every kill, and by how much. */
const SLOW = { share: 0.1, ms: 400 } as const;

async function run(plan: Plan): Promise<readonly Figure[]> {
  const sizes = SIZES[plan.size];
  const { stores, seed } = plan;
  // Each bridge stands for a machine of its own.
  const sandbox = { rateLimits: "strict", isOneMachine: false, random: seeded(seed) } as const;
  const rig = await openRig({ ...sizes, stores, timeout: "10s", sandbox });
  const fleet = new Fleet(membersOf(rig));
  try {
    return await liveTogether(rig, fleet, plan);
  } finally {
    await fleet.end();
    await rig.close();
  }
}

function membersOf(rig: Rig): ConstructorParameters<typeof Fleet>[0] {
  const env = { ...environment(rig.sandbox), NODE_COMPILE_CACHE: join(rig.folder, "compiled") };
  return rig.places.map((place, index) => ({
    place,
    env: { ...env, ...clockAhead(CLOCKS_MS[index % CLOCKS_MS.length] ?? 0) },
  }));
}

async function liveTogether(rig: Rig, fleet: Fleet, plan: Plan): Promise<Figure[]> {
  const sizes = SIZES[plan.size];
  const { sandbox, store } = rig;
  for (const platform of ["slack", "discord"] as const) {
    sandbox.fault({ platform, fault: { kind: "slow", ms: SLOW.ms }, share: SLOW.share });
    sandbox.fault({ platform, fault: { kind: "drip", ms: SLOW.ms }, share: SLOW.share });
  }
  const events = await traffic({ ...sizes, seed: plan.seed });
  const sender = new Sender(carelessHabits(rig.places, plan.seed), rig.config.sources);
  const accounts = new Accounts(store);
  await fleet.ready();
  await accounts.open();
  const [outages] = await Promise.all([
    harass({ fleet, sender, accounts }, plan, rig),
    sender.send(events),
  ]);
  await fleet.ready();
  await drained(rig.url, sandbox, (messages) => plan.progress(`draining, ${messages} messages`));
  await accounts.close();
  const codes = await fleet.stop();

  const { accepted } = sender;
  const { messages } = sandbox;
  const ledger = await readStore(store);
  const verdict = judge({ events, lanes: sizes.lanes, accepted, messages, store: ledger });
  const { kills } = fleet;
  const returns = outages.map(({ until }) => until);
  return [
    informs("bridges", sizes.bridges),
    informs("kills", kills.length),
    informs("times that the database went away", outages.length),
    ...startFigures(fleet, outages),
    informs("webhooks sent again by their source", sender.retries),
    informs("webhooks that went out twice at once", sender.repeated.atOnce),
    informs("webhooks that came again when they had been answered", sender.repeated.later),
    informs("… of all these, known already", sender.duplicates),
    mustBe("events that were given another id by another bridge", sender.renamed, 0),
    mustBe("events accepted", verdict.accepted, sizes.events),
    ...verdictFigures(verdict, ledger),
    ...paceFigures(sandbox),
    ...laneFigures(laneTimes(await readAttempts(store), { kills, returns }), plan.size),
    ...databaseFigures(accounts.spent, sizes.events),
    mustBe(
      "bridges that did not end well when told to stop",
      codes.filter((code) => code !== 0).length,
      0,
    ),
  ];
}

interface Harassed {
  readonly fleet: Fleet;
  readonly sender: Sender;
  readonly accounts: Accounts;
}

/** Kills bridges and the database, while more and more of the events go out; gives back when there was no database. */
async function harass(
  { fleet, sender, accounts }: Harassed,
  { stores, size, seed, progress }: Pick<Plan, "stores" | "size" | "seed" | "progress">,
  rig: Rig,
): Promise<Outage[]> {
  const { events, kills, everyMs, outages } = SIZES[size];
  const random = seeded(seed);
  const server = await stores.server();
  const found: Outage[] = [];
  for (let count = 0; count <= kills; count += 1) {
    const how = outages.get(count);
    if (how !== undefined) found.push(await outage(server, how, accounts));
    const posted = rig.sandbox.messages.length;
    sender.allow(Math.ceil((events * (count + 1)) / (kills + 1)));
    // Who has nothing to do holds nothing that another one could take over.
    const latest = performance.now() + PATIENCE_MS;
    while (rig.sandbox.messages.length === posted && performance.now() < latest)
      await sleep(LOOK_EVERY_MS);
    await sleep(everyMs[0] + random() * (everyMs[1] - everyMs[0]));
    if (count < kills) await fleet.kill(random());
    progress(
      `${count} kills, ${sender.accepted.size} events, ${rig.sandbox.messages.length} messages`,
    );
  }
  return found;
}

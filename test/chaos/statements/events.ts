import { join } from "node:path";
import { environment } from "../../end-to-end/house.ts";
import { launch, serve } from "../../end-to-end/process.ts";
import { drained } from "../drained.ts";
import { informs, mustBe } from "../figures.ts";
import { readStore } from "../ledger.ts";
import { type Kind, openRig, type Rig } from "../rig.ts";
import type { Figure, Plan } from "../scenario.ts";
import { Sender } from "../sender.ts";
import { traffic, type TrafficEvent } from "../traffic.ts";
import { judge } from "../verdict.ts";
import { countNoted, dyingAfter, spread } from "./killing.ts";
import { breachesIn } from "./soundness.ts";

/** Bots only: a webhook may post again what it is in doubt about. */
const KINDS: readonly Kind[] = ["slack-bot", "discord-bot"];
const VOLUME = { events: 2, subjects: 2, lanes: 1, tokens: 1 } as const;

/** How often it is looked whether the bridge has died, and how long it may live on when all is done, in milliseconds. */
const [POLL_MS, LIVES_ON_MS] = [20, 300] as const;

/**
 * How many bridges die side by side: on a database, each next one waits for the lease of the one before, and does nothing
 * meanwhile.
 */
const AT_ONCE = { sqlite: 1, postgres: 8 } as const;

/** Has the real bridge die after its n-th statement while an event of each source goes through, for at most so many n. */
export async function dieInEvents(most: number, plan: Plan): Promise<Figure[]> {
  const { seed, stores, progress } = plan;
  const events = await traffic({ ...VOLUME, seed });
  const rigs = await Promise.all(
    Array.from({ length: Math.min(most, AT_ONCE[stores.kind]) }, () => openEmpty(stores)),
  );
  const [first] = rigs;
  if (first === undefined) return [];
  try {
    const log = join(first.folder, "statements");
    let found = await live(first, events, dyingAfter(stores.kind, { noted: log }));
    const total = await countNoted(log);
    const left = spread(total, most);
    const dieOn = async (rig: Rig) => {
      for (let statement = left.shift(); statement !== undefined; statement = left.shift()) {
        const more = await live(rig, events, dyingAfter(stores.kind, statement));
        found = add(found, more);
        progress(`a normal event, ${statement} of ${total} statements`);
      }
    };
    await Promise.all(rigs.map(dieOn));
    return [
      informs("kills in normal events", found.kills),
      informs("… which run so many statements", total),
      mustBe("… events that were not accepted in the end", found.missing, 0),
      mustBe("… messages that never appeared, or never as delivered", found.lost, 0),
      mustBe("… messages doubled, stray or out of order", found.wrong, 0),
      mustBe("… breaches in the store of the next start", found.breaches, 0),
    ];
  } finally {
    await Promise.all(rigs.map((rig) => rig.close()));
  }
}

/** A rig whose store has its tables and nothing in them, and is saved so. */
async function openEmpty(stores: Plan["stores"]): Promise<Rig> {
  const rig = await openRig({ ...VOLUME, stores, kinds: KINDS, timeout: "10s" });
  await (await serve(rig.folder, environment(rig.sandbox))).stop();
  await rig.store.save();
  return rig;
}

interface Found {
  readonly kills: number;
  readonly missing: number;
  readonly lost: number;
  readonly wrong: number;
  readonly breaches: number;
}

function add(one: Found, other: Found): Found {
  return {
    kills: one.kills + other.kills,
    missing: one.missing + other.missing,
    lost: one.lost + other.lost,
    wrong: one.wrong + other.wrong,
    breaches: one.breaches + other.breaches,
  };
}

/** One bridge that may die and one that goes on, from an empty store to the last message. */
async function live(
  rig: Rig,
  events: readonly TrafficEvent[],
  dying: Record<string, string>,
): Promise<Found> {
  const { folder, sandbox, config, url } = rig;
  await rig.store.restore();
  sandbox.clear();
  const sender = new Sender(url, config.sources);
  sender.allow(Infinity);
  const sending = sender.send(events);
  const isKilled = await dies(rig, { ...environment(sandbox), ...dying });
  const next = await serve(folder, environment(sandbox));
  await sending;
  await drained(url, sandbox, () => {});
  await next.stop();

  const store = await readStore(rig.store);
  const { accepted } = sender;
  const { messages } = sandbox;
  const verdict = judge({ ...VOLUME, kinds: KINDS, events, accepted, messages, store });
  const doubled = KINDS.reduce((sum, kind) => sum + verdict.doubled[kind], 0);
  const undelivered = store.deliveries.filter(({ status }) => status !== "delivered").length;
  return {
    kills: isKilled ? 1 : 0,
    missing: events.length - verdict.accepted,
    lost: verdict.lost + undelivered,
    wrong: doubled + verdict.stray + verdict.outOfSubjectOrder + verdict.outOfLaneOrder,
    breaches: (await breachesIn(rig.store)).length,
  };
}

/** Runs a bridge until it dies, or has long done everything; tells whether it died. */
async function dies(rig: Rig, env: Record<string, string>): Promise<boolean> {
  const wanted = VOLUME.events * KINDS.length;
  const bridge = launch(rig.folder, env);
  const isListening = await bridge.listening.then(
    () => true,
    () => false,
  );
  let lives = isListening;
  for (let done = 0; lives && done < LIVES_ON_MS;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    lives = await fetch(`${rig.url}/healthz`).then(
      () => true,
      () => false,
    );
    if (rig.sandbox.messages.length >= wanted) done += POLL_MS;
  }
  await bridge.kill();
  return !lives;
}

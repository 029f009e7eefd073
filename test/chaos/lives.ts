import { setTimeout as sleep } from "node:timers/promises";
import { type Launched, launch } from "../end-to-end/process.ts";
import { seeded } from "./random.ts";
import type { Rig } from "./rig.ts";
import type { Sender } from "./sender.ts";

/** Who is killed, how often, and what is sent meanwhile. */
export interface Dying {
  readonly rig: Rig;
  readonly env: Readonly<Record<string, string>>;
  readonly sender: Sender;
  /** How many events there are to be sent, over all lives together. */
  readonly events: number;
  readonly kills: number;
  /** How long a bridge needs to take over what those before it held, in milliseconds. */
  readonly takesOverMs: number;
  readonly seed: number;
  readonly tell: (kills: number) => void;
}

/** What became of the bridges that were killed. */
export interface Lives {
  /** Killed before they listened. */
  readonly early: number;
  /** Ended by themselves, before they could be killed. */
  readonly failed: number;
  /** What the last of those had printed. */
  readonly lastWords: string;
}

/** How many of the bridges are killed while they start. */
const EARLY_SHARE = 0.15;

/** How long a bridge lives at the most once it has taken its part of the events, and while it takes none, in milliseconds. */
const LIFE_MS = { after: 600, without: 3_000 } as const;

/** Every so many bridges one lives for long enough to take over: what is in doubt is to be resolved meanwhile. */
const TAKES_OVER_EVERY = 8;

/**
 * Kills bridges at random instants: some while they start, the others anywhere in the work on a random part of the
 * events, so that on a slow machine, too, the events are spread over all lives.
 */
export async function killAgainAndAgain(dying: Dying): Promise<Lives> {
  const { rig, env, sender, events, kills, takesOverMs, tell } = dying;
  const random = seeded(dying.seed);
  const share = events / kills / (1 - EARLY_SHARE);
  let startMs = 1_000;
  let [early, failed, lastWords] = [0, 0, ""];
  for (let count = 0; count < kills; count += 1) {
    tell(count);
    const most = (events * (count + 1)) / kills;
    const part = Math.min(most, sender.accepted.size + random() * 2 * share);
    // Some more than are waited for, so that webhooks are under way at the end, too.
    sender.allow(Math.ceil(Math.min(most, part + share)));
    const began = performance.now();
    const bridge = launch(rig.folder, env);
    let isListening = false;
    const words = watchStart(bridge, () => {
      isListening = true;
      startMs = performance.now() - began;
    });
    if (random() < EARLY_SHARE) await sleep(random() * startMs);
    else {
      await words;
      await isAwake(rig.url);
      await gotOn(sender, part);
      const isLong = count % TAKES_OVER_EVERY === TAKES_OVER_EVERY - 1;
      await sleep(random() * LIFE_MS.after + (isLong ? takesOverMs : 0));
    }
    const isRunning = bridge.isRunning();
    if (!isListening) early += 1;
    await bridge.kill();
    if (isRunning) continue;
    failed += 1;
    lastWords = await words;
  }
  return { early, failed, lastWords };
}

/** Resolves once the bridge answers, or has ended. */
export async function isAwake(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

/** What a bridge had to say that did not come to listen; empty for one that did. */
async function watchStart(bridge: Launched, onListening: () => void): Promise<string> {
  try {
    await bridge.listening;
    onListening();
    return "";
  } catch (error) {
    return String(error);
  }
}

/** Resolves once so many events were accepted, or none was for a while. */
async function gotOn(sender: Sender, count: number): Promise<void> {
  let [accepted, since] = [sender.accepted.size, performance.now()];
  while (sender.accepted.size < count) {
    if (sender.accepted.size > accepted)
      [accepted, since] = [sender.accepted.size, performance.now()];
    if (performance.now() - since > LIFE_MS.without) return;
    await sleep(LOOK_EVERY_MS);
  }
}

const LOOK_EVERY_MS = 5;

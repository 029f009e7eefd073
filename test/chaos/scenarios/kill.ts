import { join } from "node:path";
import { LEASE } from "../../../src/pipeline/leases.ts";
import { serve, type Served } from "../../end-to-end/process.ts";
import { environment } from "../../end-to-end/house.ts";
import { drained } from "../drained.ts";
import { informs, mustBe } from "../figures.ts";
import { readStore } from "../ledger.ts";
import { type Dying, isAwake, killAgainAndAgain, type Lives } from "../lives.ts";
import { openRig, type Rig } from "../rig.ts";
import type { Figure, Plan, Scenario } from "../scenario.ts";
import { Sender } from "../sender.ts";
import { traffic } from "../traffic.ts";
import { judge } from "../verdict.ts";
import { verdictFigures } from "../verdict-figures.ts";

/** The bridge's process is killed again and again, wherever it is, and started again at once. */
export const kill: Scenario = {
  name: "kill",
  title: "kill -9 at random instants while both sources send, to all four kinds of destination",
  run,
};

/**
 * Slack takes one message a second in a channel, so that many channels are needed to send much; and what a bridge
 * left in doubt is looked up about once a second with a token.
 */
const SIZES = {
  full: { events: 10_000, subjects: 1_000, kills: 200, lanes: 100, tokens: 25 },
  short: { events: 240, subjects: 60, kills: 6, lanes: 60, tokens: 15 },
} as const;

/**
 * On a database that others may use too, what a bridge held is left to it until its lease has run out, and whoever takes it
 * over waits as long before. Discord knows a message that comes again for two minutes.
 */
const TAKES_OVER_MS = LEASE.forMs + 2 * LEASE.everyMs;

async function run({ size, seed, stores, progress }: Plan): Promise<readonly Figure[]> {
  const sizes = SIZES[size];
  const rig = await openRig({ ...sizes, stores, timeout: "10s" });
  try {
    const env = await quickStart(rig);
    const events = await traffic({ ...sizes, seed });
    const sender = new Sender(rig.url, rig.config.sources);
    const tell = (kills: number) =>
      progress(
        `${kills} kills, ${sender.accepted.size} events, ${rig.sandbox.messages.length} messages`,
      );
    const takesOverMs = rig.store.kind === "postgres" ? TAKES_OVER_MS : 0;
    const [[lives, last]] = await Promise.all([
      liveAndDie({ rig, env, sender, ...sizes, takesOverMs, seed, tell }),
      sender.send(events),
    ]);
    await drained(last.url, rig.sandbox, (messages) => progress(`draining, ${messages} messages`));
    const code = await last.stop();

    const store = await readStore(rig.store);
    const { accepted } = sender;
    const { messages } = rig.sandbox;
    const verdict = judge({ events, lanes: sizes.lanes, accepted, messages, store });
    const cutOff = store.deliveries.reduce((total, one) => total + one.cutOff, 0);
    return [
      informs("kills", sizes.kills),
      informs("… before the bridge listened", lives.early),
      mustBe("bridges that ended by themselves", lives.failed, 0),
      ...(lives.lastWords === "" ? [] : [informs("… the last of which said", lives.lastWords)]),
      informs("attempts under way at a kill", cutOff),
      informs("webhooks sent again by their source", sender.retries),
      informs("… that the bridge knew already", sender.duplicates),
      mustBe("events accepted", verdict.accepted, sizes.events),
      ...verdictFigures(verdict, store),
      mustBe("exit code of the last bridge when told to stop", code ?? -1, 0),
    ];
  } finally {
    await rig.close();
  }
}

/**
 * The environment of the bridges: Node keeps what it compiled, so that they do not spend most of their lives on
 * starting. A first one, which leaves no store, fills that.
 */
async function quickStart(rig: Rig): Promise<Dying["env"]> {
  const env = { ...environment(rig.sandbox), NODE_COMPILE_CACHE: join(rig.folder, "compiled") };
  const first = await serve(rig.folder, env);
  await isAwake(rig.url);
  await first.stop();
  await rig.store.empty();
  return env;
}

/** Lets bridges live and die until one is left, with which the last events are sent. */
async function liveAndDie(dying: Dying): Promise<[Lives, Served]> {
  const lives = await killAgainAndAgain(dying);
  dying.sender.allow(dying.events);
  return [lives, await serve(dying.rig.folder, dying.env)];
}

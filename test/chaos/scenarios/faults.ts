import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { environment } from "../../end-to-end/house.ts";
import { serve } from "../../end-to-end/process.ts";
import { drained } from "../drained.ts";
import { informs, mustBe } from "../figures.ts";
import { readStore, type StoreLedger } from "../ledger.ts";
import { seeded } from "../random.ts";
import { mend } from "../mend.ts";
import { openRig, type Rig } from "../rig.ts";
import type { Figure, Plan, Scenario } from "../scenario.ts";
import { Sender } from "../sender.ts";
import { traffic } from "../traffic.ts";
import { GONE, rulesOf, type Trial, TRIALS } from "../trials.ts";
import { judge, type Verdict } from "../verdict.ts";
import { undelivered, unsent, verdictFigures } from "../verdict-figures.ts";

/** Each fault that the platforms know, by turns, in a tenth of all requests. */
export const faults: Scenario = {
  name: "faults",
  title: "each fault in turn at 10% of requests, 5,000 deliveries unless it says otherwise",
  run,
};

const SIZES = {
  full: { deliveries: 5_000, lanes: 100, tokens: 25 },
  short: { deliveries: 100, lanes: 25, tokens: 25 },
} as const;

/** Has the bridge say when it sent each request. */
const SENT_AT = {
  NODE_OPTIONS: `--import=${new URL("../sent-at-preload.ts", import.meta.url).href}`,
} as const;

async function run(plan: Plan): Promise<readonly Figure[]> {
  const trials = TRIALS.filter(
    ({ name, isShort }) =>
      name.includes(plan.only ?? "") && (plan.size === "full" || isShort === true),
  );
  const figures: Figure[] = [];
  for (const [index, trial] of trials.entries()) {
    const tried = await tryOut(trial, { ...plan, seed: plan.seed + index });
    figures.push(...tried);
    plan.found(tried);
  }
  return figures;
}

async function tryOut(trial: Trial, { size, seed, stores, progress }: Plan): Promise<Figure[]> {
  const less = size === "full" ? trial.less : undefined;
  const { deliveries, lanes, tokens } = { ...SIZES[size], ...less };
  const events = await traffic({ events: deliveries / 4, subjects: lanes * 2, lanes, seed });
  const luck = new Luck(seeded(seed));
  const rig = await openRig({
    stores,
    lanes,
    tokens,
    timeout: "2s",
    sandbox: { random: () => luck.draw() },
  });
  try {
    const { sandbox } = rig;
    const watch = watchFaults(sandbox, luck);
    for (const rule of rulesOf(trial)) sandbox.fault(rule);
    const bridge = await serve(rig.folder, { ...environment(sandbox), ...SENT_AT });
    const sender = new Sender(rig.url, rig.config.sources);
    sender.allow(events.length);
    const comeBack = trial.isAway === true ? comeAndGo(rig) : undefined;
    await sender.send(events);
    const tell = (messages: number) => progress(`${trial.name}: ${messages} messages`);
    await drained(rig.url, sandbox, tell, trial.mend === undefined);
    const mended = await mend({ rig, bridge, tell, endFaults: () => luck.end() }, trial.mend);
    await comeBack?.();
    await mended.stop();

    const store = await readStore(rig.store);
    const { accepted } = sender;
    const { messages, early, requests } = sandbox;
    const verdict = judge({ events, lanes, accepted, messages, store });
    const result = { trial, verdict, store, early, afterGone: watch.afterGone };
    return [
      informs(trial.name, `${watch.given} faults in ${requests} requests`),
      ...figuresOf(result),
    ];
  } finally {
    await rig.close();
  }
}

/** What the sandbox draws to decide over faults: once they are over, nothing that brings one. */
class Luck {
  readonly #random: () => number;
  #isOver = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  draw(): number {
    return this.#isOver ? 0.999_999 : this.#random();
  }

  end(): void {
    this.#isOver = true;
  }
}

/** The faults that were given, and what came to a webhook after it had been said to be gone. */
function watchFaults(sandbox: Sandbox, luck: Luck) {
  const gone = new Set<string>();
  const seen = { given: 0, afterGone: 0 };
  const count = (key: string) => {
    if (gone.has(key) && !luck.isOver) seen.afterGone += 1;
  };
  sandbox.onMessage(({ platform, channel }) => count(`${platform} ${channel}`));
  sandbox.onFault(({ platform, channel, fault }) => {
    const key = `${platform} ${channel}`;
    seen.given += 1;
    count(key);
    if (fault.kind === "error" && GONE.includes(fault.code)) gone.add(key);
  });
  return seen;
}

/** Refuses connections for a tenth of the time, until told to come back. */
function comeAndGo({ sandbox }: Rig): () => Promise<void> {
  const over = new AbortController();
  const coming = (async () => {
    while (!over.signal.aborted) {
      await sleep(900);
      await sandbox.down();
      await sleep(100);
      await sandbox.up();
    }
  })();
  return async () => {
    over.abort();
    await coming;
  };
}

interface Tried {
  readonly trial: Trial;
  readonly verdict: Verdict;
  readonly store: StoreLedger;
  readonly early: number;
  readonly afterGone: number;
}

/** All that must be zero in one line; only where it is not, each by itself. */
function figuresOf({ trial, verdict, store, early, afterGone }: Tried): Figure[] {
  const { doubled, lost, stray, unexplained } = verdict;
  const outOfOrder =
    trial.mend === "replay" ? 0 : verdict.outOfSubjectOrder + verdict.outOfLaneOrder;
  const bots = doubled["slack-bot"] + doubled["discord-bot"];
  const webhooks = doubled["slack-webhook"] + doubled["discord-webhook"];
  const counts = [lost, bots, early, outOfOrder];
  const others = stray + unexplained + unsent(store) + undelivered(store);
  const holds = others === 0 && counts.every((count) => count === 0);
  return [
    {
      name: "  lost, doubled by bots, inside a Retry-After, out of order",
      value: counts.join(", "),
      wanted: counts.map(() => 0).join(", "),
      holds,
    },
    informs("  doubled by webhooks, each after an attempt in doubt", webhooks),
    ...(trial.mend === "renew" ? [mustBe("  calls of a webhook that is gone", afterGone, 0)] : []),
    ...(holds ? [] : verdictFigures(verdict, store)),
  ];
}

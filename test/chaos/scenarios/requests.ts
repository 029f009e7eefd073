import { join } from "node:path";
import * as fc from "fast-check";
import { environment } from "../../end-to-end/house.ts";
import { serve } from "../../end-to-end/process.ts";
import { atLeast, atMost, informs, mustBe } from "../figures.ts";
import { type Kept, readKept } from "../requests/kept.ts";
import { type Ingredients, type Made, make } from "../requests/made.ts";
import type { Recipe } from "../requests/recipe.ts";
import { recipe } from "../requests/recipes.ts";
import { readSamples } from "../requests/samples.ts";
import { Tally } from "../requests/tally.ts";
import { sendAlone, sendPipelined } from "../requests/wire.ts";
import { openRig, type Rig } from "../rig.ts";
import type { Figure, Plan, Scenario } from "../scenario.ts";
import { longestTurns, notingTurns, type Turn } from "../requests/turns.ts";
import { MemoryWatch } from "../memory-watch.ts";

/** Requests of every sort, few of them as they should be. */
export const requests: Scenario = {
  name: "requests",
  title:
    "mutated requests: bytes, headers, JSON, encodings, sizes, broken HTTP, slow and aborted bodies",
  run,
};

const SIZES = { full: 100_000, short: 2_000 } as const;

/** How many requests there are in a batch, behind each other on a connection, and batches at once; fewer than are shed. */
const [BATCH, PIPELINED, AT_ONCE] = [48, 12, 4];

/** Channels of each kind, which the messages of what was accepted go to. */
const LANES = 5;

/** The longest that the bridge's event loop may be blocked, in milliseconds. */
const LONGEST_TURN_MS = 200;

/** Batches that fast-check makes from one seed. */
const BATCHES_A_SEED = 10;

/** The longest that a failure may be made smaller, in milliseconds. */
const LONGEST_CHECK_MS = 60_000;

async function run(plan: Plan): Promise<readonly Figure[]> {
  const rig = await openRig({ stores: plan.stores, lanes: LANES, tokens: LANES, timeout: "10s" });
  try {
    return await bombard(rig, plan);
  } finally {
    await rig.close();
  }
}

async function bombard(rig: Rig, { size, seed, progress }: Plan): Promise<Figure[]> {
  const { POLAR_SECRET: polar = "", PLAIN_SECRET: plain = "" } = environment(rig.sandbox);
  const ingredients = { samples: await readSamples(LANES), secrets: { polar, plain } };
  const turns = join(rig.folder, "turns");
  const bridge = await serve(rig.folder, { ...environment(rig.sandbox), ...notingTurns(turns) });
  const startedAt = Date.now();
  const watch = new MemoryWatch(rig.url);
  const before = await watch.most();
  const tally = new Tally();
  const property = fc.asyncProperty(batch, (recipes) => sendAll(rig, recipes, ingredients, tally));
  const failures: fc.RunDetails<[Recipe[]]>[] = [];
  let round = 0;
  const check = async () => {
    while (tally.sent < SIZES[size] && failures.length === 0) {
      const result = await fc.check(property, {
        seed: seed + round++,
        numRuns: BATCHES_A_SEED,
        interruptAfterTimeLimit: LONGEST_CHECK_MS,
      });
      if (result.failed) failures.push(result);
      progress(`${tally.sent} requests, ${tally.accepted.size} accepted`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, check));
  const most = await watch.most();
  watch.stop();
  const code = await bridge.stop();
  for (const failure of failures) process.stderr.write(describe(failure));
  return figures({
    isFull: size === "full",
    tally,
    failures,
    kept: await readKept(rig.store),
    memory: [before, most],
    turns: await longestTurns(turns, startedAt),
    code,
  });
}

const batch = fc.array(recipe, { minLength: 1, maxLength: BATCH, size: "max" });

async function sendAll(
  rig: Rig,
  recipes: readonly Recipe[],
  ingredients: Ingredients,
  tally: Tally,
): Promise<void> {
  const port = Number(new URL(rig.url).port);
  const made = recipes.map((one) => make(one, ingredients));
  const faults: string[] = [];
  const count = (one: Made, replies: Parameters<Tally["count"]>[1]) => {
    const fault = tally.count(one, replies);
    if (fault !== undefined) faults.push(`${fault}\n${JSON.stringify(one.recipe)}`);
  };
  const sound = made.filter(({ isSound }) => isSound);
  const lines = Array.from({ length: Math.ceil(sound.length / PIPELINED) }, (_, index) =>
    sound.slice(index * PIPELINED, (index + 1) * PIPELINED),
  );
  await Promise.all([
    ...lines.map(async (line) => {
      const replies = await sendPipelined(port, line);
      line.forEach((one, index) => {
        const reply = replies[index];
        count(one, reply === undefined ? [] : [reply]);
      });
    }),
    ...made
      .filter(({ isSound }) => !isSound)
      .map(async (one) => count(one, await sendAlone(port, one))),
  ]);
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

/** What failed in the smallest batch that was found, and the seed that brings it about again. */
function describe({ seed, errorInstance }: fc.RunDetails<[Recipe[]]>): string {
  const error = errorInstance instanceof Error ? errorInstance.message : "";
  return `With seed ${seed}, ${error}\n`;
}

interface Findings {
  readonly isFull: boolean;
  readonly tally: Tally;
  readonly failures: readonly fc.RunDetails<[Recipe[]]>[];
  readonly kept: readonly Kept[];
  readonly memory: readonly [before: number, most: number];
  readonly turns: Pick<Turn, "wallMs" | "cpuMs">;
  readonly code: number | null;
}

function figures({ isFull, tally, failures, kept, memory, turns, code }: Findings): Figure[] {
  const { faults, accepted, possible } = tally;
  const ids = new Set(kept.map(({ id }) => id));
  const statuses = [...tally.statuses].toSorted(([a], [b]) => a.localeCompare(b));
  return [
    informs("requests", tally.sent),
    informs("answers", statuses.map(([status, count]) => `${status}: ${count}`).join(", ")),
    atLeast("authentic requests", tally.authentic, Math.floor(tally.sent / 10)),
    informs("… that were accepted as quarantined", tally.quarantined),
    mustBe("answers of 5xx but 503", faults.broke, 0),
    // In the short form other tests share processors and disk, and a bridge that comes late turns webhooks away.
    isFull ? mustBe("answers of 503", faults.shed, 0) : informs("answers of 503", faults.shed),
    mustBe("unsigned requests accepted", faults.unsigned, 0),
    mustBe("authentic requests refused", faults.refused, 0),
    mustBe("requests without an answer", faults.unanswered, 0),
    mustBe("other answers that are wrong", faults.odd, 0),
    ...failures.map(({ seed }) => informs("the seed of a failure", String(seed))),
    mustBe(
      "events kept that nobody signed",
      kept.filter(({ what }) => !possible.has(what)).length,
      0,
    ),
    mustBe(
      "accepted events that were not kept",
      [...accepted.keys()].filter((id) => !ids.has(id)).length,
      0,
    ),
    mustBe(
      "accepted events kept otherwise than sent",
      kept.filter(({ id, what }) => (accepted.get(id) ?? what) !== what).length,
      0,
    ),
    ...(
      [
        ["milliseconds that the event loop worked on without a pause", turns.cpuMs],
        ["milliseconds that the event loop was blocked", turns.wallMs],
      ] as const
    ).map(([name, ms]) => (isFull ? atMost(name, ms, LONGEST_TURN_MS) : informs(name, ms))),
    informs("MiB of memory before, and at most", memory.join(", ")),
    mustBe("exit code when told to stop", code ?? -1, 0),
  ];
}

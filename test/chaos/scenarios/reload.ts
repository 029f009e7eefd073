import { setTimeout as sleep } from "node:timers/promises";
import { environment } from "../../end-to-end/house.ts";
import { serve, type Served } from "../../end-to-end/process.ts";
import { readDecisions } from "../decisions.ts";
import { drained } from "../drained.ts";
import { type Edit, editsOf } from "../edits.ts";
import { atMost, informs, mustBe } from "../figures.ts";
import { readStore } from "../ledger.ts";
import { COLLECTABLE, liveMemory } from "../live-memory.ts";
import { MemoryWatch } from "../memory-watch.ts";
import { openRig } from "../rig.ts";
import type { Figure, Plan, Scenario } from "../scenario.ts";
import { Sender } from "../sender.ts";
import { traffic } from "../traffic.ts";
import { judge } from "../verdict.ts";
import { verdictFigures } from "../verdict-figures.ts";

/** The config of a running bridge is edited again and again, well and badly, while events flow. */
export const reload: Scenario = {
  name: "reload",
  title:
    "config and templates edited again and again, every tenth edit bad, while both sources send",
  run,
};

const SIZES = {
  full: { events: 10_000, subjects: 1_000, edits: 1_000, lanes: 100, tokens: 25 },
  short: { events: 120, subjects: 40, edits: 10, lanes: 20, tokens: 5 },
} as const;

/** The MiB in use that the full form may hold at its end above what it held after a tenth of the edits. */
const MOST_MEMORY = 16;

async function run({ size, seed, stores, progress }: Plan): Promise<readonly Figure[]> {
  const sizes = SIZES[size];
  const rig = await openRig({ ...sizes, stores, timeout: "10s" });
  const bridge = await serve(rig.folder, { ...environment(rig.sandbox), ...COLLECTABLE });
  const memory = new MemoryWatch(bridge.url);
  try {
    const events = await traffic({ ...sizes, seed });
    const edits = await editsOf(rig.folder, sizes.edits);
    const sender = new Sender(rig.url, rig.config.sources);
    const sending = sender.send(events);
    const changes = new Changes(bridge.url);
    await changes.begin(rig.config.revision);
    const held: number[] = [];
    const live: number[] = [];
    for (const [at, edit] of edits.entries()) {
      sender.allow(Math.ceil((sizes.events * (at + 1)) / sizes.edits));
      await changes.make(edit);
      // Each tenth by itself: the most that was held in it, and what of it is in use at its end.
      if ((at + 1) % (sizes.edits / 10) === 0) {
        held.push(await memory.most());
        live.push(await liveMemory(bridge));
      }
      progress(`${at + 1} edits, ${sender.accepted.size} events, ${held.join(", ")} MiB`);
    }
    await sending;
    await drained(bridge.url, rig.sandbox, (messages) =>
      progress(`draining, ${messages} messages`),
    );
    const code = await bridge.stop();

    const store = await readStore(rig.store);
    const { accepted } = sender;
    const { messages } = rig.sandbox;
    const verdict = judge({ events, lanes: sizes.lanes, accepted, messages, store });
    const decisions = await readDecisions(rig.store, changes.generations);
    return [
      informs("edits", sizes.edits),
      mustBe("good edits that were not put into use", changes.missed, 0),
      mustBe("bad edits that were not noticed", changes.unnoticed, 0),
      mustBe("bad edits that took the place of a good config", changes.taken, 0),
      mustBe("events accepted", verdict.accepted, sizes.events),
      ...verdictFigures(verdict, store),
      informs("configs that decided events", decisions.configs),
      mustBe("events that name a config that was never in use", decisions.strangers, 0),
      mustBe("messages by another config than the one their event names", decisions.mixed, 0),
      informs("MiB of memory at most in each tenth of the edits", held.join(", ")),
      informs("MiB of objects in use after each tenth", live.join(", ")),
      ...(size === "full"
        ? [atMost("… more after the last than after the first", growth(live), MOST_MEMORY)]
        : []),
      mustBe("exit code of the bridge when told to stop", code ?? -1, 0),
    ];
  } finally {
    memory.stop();
    await bridge.kill();
    await rig.close();
  }
}

function growth(live: readonly number[]): number {
  return Math.max(0, (live.at(-1) ?? Number.NaN) - (live[0] ?? Number.NaN));
}

/** How long an edit may take until the bridge has it, in milliseconds; ours: far longer than it needs. */
const PATIENCE_MS = 30_000;

const LOOK_EVERY_MS = 20;

/** Makes edits one after the other, and looks what the bridge says of each. */
class Changes {
  /** Good edits that the bridge did not have in time. */
  missed = 0;
  /** Bad edits that the bridge did not tell of in time. */
  unnoticed = 0;
  /** Bad edits after which another config was in use than before. */
  taken = 0;
  /** Which config each revision is that was in use. */
  readonly generations = new Map<string, number>();
  readonly #url: string;
  #revision = "";

  constructor(url: Served["url"]) {
    this.#url = url;
  }

  /** Notes the first config. */
  async begin(revision: string): Promise<void> {
    this.#note(revision, 0);
    if ((await this.#ready()).revision !== revision)
      throw new Error("The bridge does not have the config that was written.");
  }

  /** Saves an edit, and resolves once the bridge has it, or has refused it. */
  async make(edit: Edit): Promise<void> {
    const { isBad, generation } = edit;
    const before = this.#revision;
    await edit.save();
    const isThere = await this.#until(({ revision, config }) =>
      isBad ? config !== undefined : revision !== before && config === undefined,
    );
    const { revision } = await this.#ready();
    if (isBad && !isThere) this.unnoticed += 1;
    if (isBad && revision !== before) this.taken += 1;
    if (!isBad && !isThere) this.missed += 1;
    if (!isBad) this.#note(revision, generation);
  }

  #note(revision: string, generation: number): void {
    this.#revision = revision;
    this.generations.set(revision, generation);
  }

  async #until(holds: (ready: Ready) => boolean): Promise<boolean> {
    const until = performance.now() + PATIENCE_MS;
    while (!holds(await this.#ready())) {
      if (performance.now() > until) return false;
      await sleep(LOOK_EVERY_MS);
    }
    return true;
  }

  async #ready(): Promise<Ready> {
    const response = await fetch(`${this.#url}/readyz`);
    return (await response.json()) as Ready;
  }
}

interface Ready {
  readonly revision: string;
  /** Only there while something is wrong with the config on disk. */
  readonly config?: object;
}

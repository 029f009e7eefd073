import { setTimeout as pause } from "node:timers/promises";
import type { Config } from "../../src/config/config.ts";
import { openStore } from "../../src/store/open.ts";
import type { ArrivedWebhook, Store, StoreListener } from "../../src/store/store.ts";
import { openRig, type Rig, type Setup } from "../chaos/rig.ts";
import type { Stores } from "../chaos/stores/stores.ts";
import { traffic, type TrafficEvent } from "../chaos/traffic.ts";
import { processed } from "../store/rows.ts";
import { Bridges, type SpentByBridges } from "./bridges.ts";
import { type Database, openDatabase } from "./database.ts";
import { spentByServer, type SpentByServer } from "./spent.ts";
import { postAll } from "./webhooks.ts";

/** The parts of a bridge's work, in the order in which they are measured. */
export const PHASES = ["intake", "process", "deliver"] as const;

/** A part of a bridge's work. */
export type Phase = (typeof PHASES)[number];

/** What was spent meanwhile; of a server only where there is one. */
export type Spent = SpentByBridges & SpentByServer;

/** How one part of the work went, with so many bridges. */
export interface Measured {
  readonly phase: Phase;
  /** Events or deliveries a second, by all bridges together. */
  readonly perSecond: number;
  /** For one event or delivery. */
  readonly each: Spent;
}

/** How much work there is in each phase. */
export type Work = Readonly<Record<Phase, number>>;

/** How wide the rigs are: few channels where nothing is posted, many where the pace of one must not hold all up. */
const WIDTH = {
  events: { lanes: 20, tokens: 4 },
  deliveries: { lanes: 1_000, tokens: 40 },
} as const;

/** Measures bridges of processes of their own, each part of their work by itself. */
export async function measure(stores: Stores, bridges: number, work: Work): Promise<Measured[]> {
  const setup = { stores, bridges, timeout: "30s", kinds: ["slack-bot"], tolerance: "1d" } as const;
  const took = await inRig({ ...setup, ...WIDTH.events }, (rig) => onEvents(rig, work));
  const posted = await inRig({ ...setup, ...WIDTH.deliveries }, (rig) => onDeliveries(rig, work));
  return [...took, posted];
}

async function inRig<T>(setup: Setup, run: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = await openRig(setup);
  try {
    return await run(rig);
  } finally {
    await rig.close();
  }
}

async function onEvents(rig: Rig, work: Work): Promise<Measured[]> {
  const volume = { subjects: 500, lanes: WIDTH.events.lanes };
  const stored = await traffic({ ...volume, events: work.process, seed: 1 });
  const sent = await traffic({ ...volume, events: work.intake, seed: 2 });
  await prepare(rig, (store) => keep(store, rig.config, stored));
  const measuring = await Measuring.start(rig);
  try {
    const { database, bridges } = measuring;
    // So that no message is posted: every lane opens tomorrow.
    await database.run(`${closedLanes(rig.config)} on conflict do nothing`);
    const intake = await measuring.phase("intake", work, async () => {
      const seconds = await postAll(bridges.urls, rig.config, sent);
      await drained(database);
      return seconds;
    });
    await database.run("update events set status = 'held' where status = 'quarantined'");
    const processing = await measuring.phase("process", work, async () => {
      const began = performance.now();
      await database.run("update events set status = 'stored' where status = 'held'");
      await measuring.wake("events");
      await drained(database);
      return (performance.now() - began) / 1_000;
    });
    return [intake, processing];
  } finally {
    await measuring.stop();
  }
}

async function onDeliveries(rig: Rig, work: Work): Promise<Measured> {
  const [first] = await traffic({ events: 1, subjects: 1, lanes: 1, seed: 3 });
  if (first === undefined) throw new Error("There is no event to tell of.");
  await prepare(rig, (store) => deliverLater(store, rig.config, { first, count: work.deliver }));
  const measuring = await Measuring.start(rig);
  const { database } = measuring;
  try {
    return await measuring.phase("deliver", work, async () => {
      const began = performance.now();
      await database.run(`update lanes set due_at = ${Date.now()}, not_before = 0`);
      await measuring.wake("deliveries");
      const waiting = "select count(*) from deliveries where status in ('pending', 'sending')";
      await until(async () => (await database.one(waiting)) === 0);
      return (performance.now() - began) / 1_000;
    });
  } finally {
    await measuring.stop();
  }
}

/** Bridges under measurement. */
class Measuring {
  readonly bridges: Bridges;
  readonly database: Database;
  readonly #rig: Rig;

  private constructor(rig: Rig, bridges: Bridges, database: Database) {
    this.#rig = rig;
    this.bridges = bridges;
    this.database = database;
  }

  static async start(rig: Rig): Promise<Measuring> {
    const bridges = await Bridges.start(rig);
    return new Measuring(rig, bridges, await openDatabase(rig.config.store));
  }

  /** Does work that takes so many seconds, and tells what it cost. */
  async phase(phase: Phase, work: Work, run: () => Promise<number>): Promise<Measured> {
    const before = await this.#spent();
    const seconds = await run();
    const after = await this.#spent();
    const each = (name: keyof Spent) => (after[name] - before[name]) / work[phase];
    return {
      phase,
      perSecond: work[phase] / seconds,
      each: {
        bridgeCpuMs: each("bridgeCpuMs"),
        statements: each("statements"),
        transactions: each("transactions"),
        rows: each("rows"),
        serverCpuMs: each("serverCpuMs"),
        walBytes: each("walBytes"),
      },
    };
  }

  /** A bridge on SQLite looks by itself. */
  async wake(news: "events" | "deliveries"): Promise<void> {
    if (this.#rig.config.store.kind === "postgres")
      await this.database.run(`select pg_notify('bellhop', '${news} scale')`);
  }

  async stop(): Promise<void> {
    await this.bridges.stop();
    await this.database.close();
  }

  async #spent(): Promise<Spent> {
    const none = { serverCpuMs: 0, walBytes: 0 };
    const isServed = this.#rig.config.store.kind === "postgres";
    const byServer = isServed ? await spentByServer(this.database) : none;
    return { ...byServer, ...(await this.bridges.spent()) };
  }
}

/** Fills the store before its bridges start. */
async function prepare(rig: Rig, fill: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore(rig.config.store, NOBODY);
  try {
    await fill(store);
  } finally {
    await store.close();
  }
}

const NOBODY: StoreListener = { onCommit() {}, onFailure() {}, onNews() {}, onTime() {} };

/** How many webhooks are kept at once; as intake does under load. */
const PORTION = 200;

/** Keeps events in quarantine, out of which they are let for their phase. */
async function keep(store: Store, config: Config, events: readonly TrafficEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += PORTION)
    await store.enqueue(events.slice(from, from + PORTION).map((one) => arrived(config, one)));
}

function arrived(config: Config, { source: name, id, marker, body }: TrafficEvent): ArrivedWebhook {
  const event = config.sources.find((one) => one.name === name)?.parse(body);
  return {
    id: `evt_${marker}`,
    source: name,
    key: id,
    type: event?.type ?? "",
    time: event?.time ?? null,
    subject: event?.subject ?? null,
    receivedAt: Date.now(),
    body,
    quarantine: { code: "held", text: "Held until it is measured." },
    reports: [],
  };
}

/** Has messages of one event wait in all lanes, as many in each; their lanes open tomorrow. */
async function deliverLater(
  store: Store,
  config: Config,
  { first, count }: { readonly first: TrafficEvent; readonly count: number },
): Promise<void> {
  const kept = arrived(config, first);
  for (let from = 0; from < count; from += PORTION) {
    await store.enqueue([
      { ...kept, id: `${kept.id}-${from}`, key: `${kept.key}-${from}`, quarantine: null },
    ]);
    const deliveries = Array.from({ length: Math.min(PORTION, count - from) }, (_, index) => {
      const destination = config.destinations[(from + index) % config.destinations.length];
      if (destination === undefined) throw new Error("There is no destination.");
      const { name, lane, account } = destination;
      const id = `dlv_${String(from + index).padStart(9, "0")}`;
      return { id, route: "all", template: null, destination: name, lane, account };
    });
    await store.process(1, Date.now() + DAY_MS, () => processed(deliveries));
  }
}

const DAY_MS = 86_400_000;

function closedLanes({ destinations }: Config): string {
  const rows = destinations.map(
    ({ lane, account }) => `('${lane}', '${account}', ${Date.now() + DAY_MS}, 0)`,
  );
  return `insert into lanes (id, account, not_before, failures) values ${rows.join(", ")}`;
}

async function drained(database: Database): Promise<void> {
  const waiting = "select count(*) from events where status = 'stored'";
  await until(async () => (await database.one(waiting)) === 0);
}

/** How often it is looked whether work is done, in milliseconds; ours. */
const LOOK_EVERY_MS = 50;

async function until(isDone: () => Promise<boolean>): Promise<void> {
  while (!(await isDone())) await pause(LOOK_EVERY_MS);
}

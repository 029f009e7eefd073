import { Gauge, type Registry } from "prom-client";
import type { LaneRecord } from "../store/store.ts";
import type { Readings } from "./readings.ts";

/** What gauges are read from when Prometheus asks. */
export interface GaugeParts {
  readonly read: () => Promise<Readings>;
  /** Throws when the store cannot be written. */
  readonly ping: () => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The most lanes that have series of their own; ours: the sums beside them are of all. */
const MOST_LANES = 100;

/** Makes the gauges; while the store cannot be read they have no value, and the other metrics stay. */
export function gauges(registry: Registry, parts: GaugeParts): void {
  const { now } = parts;
  const ageOf = (at: number | null) => (at === null ? 0 : Math.max(0, (now() - at) / 1000));
  const add = (name: string, help: string, valueOf: (readings: Readings) => number) =>
    gauge(registry, name, help, [], async (set) => set({}, valueOf(await parts.read())));
  const addByLane = (name: string, help: string, valueOf: (lane: LaneRecord) => number) =>
    gauge(registry, name, help, ["lane"], async (set) => {
      for (const lane of mostTelling((await parts.read()).lanes))
        set({ lane: lane.lane }, valueOf(lane));
    });

  add(
    "bellhop_events_waiting",
    "Events that are not processed yet, of all bridges on the store.",
    ({ events }) => events,
  );
  add("bellhop_events_waiting_age_seconds", "Age of the oldest of them.", (readings) =>
    ageOf(readings.oldestEventAt),
  );
  add(
    "bellhop_deliveries_waiting",
    "Deliveries that wait, in all lanes, of all bridges on the store.",
    ({ lanes }) => lanes.reduce((sum, lane) => sum + lane.waiting, 0),
  );
  add("bellhop_deliveries_waiting_age_seconds", "Age of the oldest of them.", ({ lanes }) =>
    lanes.reduce((oldest, lane) => Math.max(oldest, ageOf(lane.oldestAt)), 0),
  );
  add("bellhop_lanes_waiting", "Lanes in which something waits.", ({ lanes }) =>
    count(lanes, (lane) => lane.waiting > 0),
  );
  add(
    "bellhop_lanes_parked",
    "Lanes that are parked, by themselves or with their account.",
    ({ lanes }) => count(lanes, (lane) => lane.parked !== null),
  );
  add(
    "bellhop_accounts_parked",
    "Accounts that are parked.",
    (readings) => readings.accountsParked,
  );
  addByLane(
    "bellhop_lane_deliveries_waiting",
    "Deliveries that wait in a lane.",
    (lane) => lane.waiting,
  );
  addByLane("bellhop_lane_waiting_age_seconds", "Age of the oldest of them.", (lane) =>
    ageOf(lane.oldestAt),
  );
  addByLane(
    "bellhop_lane_parked",
    "1 while a lane is parked, by itself or with its account.",
    (lane) => (lane.parked === null ? 0 : 1),
  );
  gauge(
    registry,
    "bellhop_store_writable",
    "1 while the store can be written.",
    [],
    async (set) => {
      set(
        {},
        await parts.ping().then(
          () => 1,
          () => 0,
        ),
      );
    },
  );
  gauge(registry, "bellhop_store_bytes", "Size of the store on disk.", ["part"], async (set) => {
    const { used, free, wal } = (await parts.read()).size;
    set({ part: "used" }, used);
    set({ part: "free" }, free);
    set({ part: "wal" }, wal);
  });
}

/** The parked ones first, then those that have waited longest; many of one kind leave half of the places to the other. */
function mostTelling(lanes: readonly LaneRecord[]): readonly LaneRecord[] {
  if (lanes.length <= MOST_LANES) return lanes;
  const byAge = lanes.toSorted((a, b) => (a.oldestAt ?? Infinity) - (b.oldestAt ?? Infinity));
  const parked = byAge.filter((lane) => lane.parked !== null);
  const others = byAge.filter((lane) => lane.parked === null);
  const shown = parked.slice(0, Math.max(MOST_LANES / 2, MOST_LANES - others.length));
  return [...shown, ...others.slice(0, MOST_LANES - shown.length)];
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  read: (set: (labels: Record<string, string>, value: number) => void) => Promise<void>,
): void {
  const made: Gauge = new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    async collect() {
      made.reset();
      try {
        await read((labels, value) => made.set(labels, value));
      } catch {
        // What was counted must be told also while the store cannot be read.
        made.remove({});
      }
    },
  });
}

import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { AttemptOutcome, EventStatus, LaneRecord, Store } from "../store/store.ts";
import type { Answer } from "./webhooks.ts";

/** What the bridge counts, in Prometheus' words. https://prometheus.io/docs/practices/naming/ */
export class Metrics {
  readonly #registry = new Registry();
  readonly #webhooks = new Counter({
    name: "bellhop_webhooks_total",
    help: "Webhooks received, by source and by what they were answered.",
    labelNames: ["source", "answer"] as const,
    registers: [this.#registry],
  });
  readonly #events = new Counter({
    name: "bellhop_events_total",
    help: "Events processed, by what was decided.",
    labelNames: ["status"] as const,
    registers: [this.#registry],
  });
  readonly #attempts = new Counter({
    name: "bellhop_attempts_total",
    help: "Attempts at deliveries, by destination and outcome.",
    labelNames: ["destination", "outcome"] as const,
    registers: [this.#registry],
  });
  readonly #dead = new Counter({
    name: "bellhop_dead_letters_total",
    help: "Deliveries given up on, by destination.",
    labelNames: ["destination"] as const,
    registers: [this.#registry],
  });
  readonly #templateFailures = new Counter({
    name: "bellhop_template_failures_total",
    help: "Messages sent in the built-in rendering because their template failed, by destination.",
    labelNames: ["destination"] as const,
    registers: [this.#registry],
  });

  constructor(store: Store, now: () => number) {
    collectDefaultMetrics({ register: this.#registry });
    const lanes = onceAScrape(() => store.lanes());
    gauge(this.#registry, "bellhop_events_waiting", "Events not processed yet.", [], async (set) =>
      set({}, await store.backlog()),
    );
    gauge(
      this.#registry,
      "bellhop_deliveries_waiting",
      "Deliveries waiting, by lane.",
      ["lane"],
      async (set) => {
        for (const lane of await lanes()) set({ lane: lane.lane }, lane.waiting);
      },
    );
    gauge(
      this.#registry,
      "bellhop_delivery_oldest_seconds",
      "Age of the oldest delivery that waits, by lane.",
      ["lane"],
      async (set) => {
        for (const lane of await lanes())
          set({ lane: lane.lane }, lane.oldestAt === null ? 0 : (now() - lane.oldestAt) / 1000);
      },
    );
    gauge(
      this.#registry,
      "bellhop_lane_parked",
      "1 while a lane is parked.",
      ["lane"],
      async (set) => {
        for (const lane of await lanes()) set({ lane: lane.lane }, lane.parked === null ? 0 : 1);
      },
    );
  }

  webhook(source: string, answer: Answer): void {
    this.#webhooks.inc({ source, answer });
  }

  event(status: EventStatus): void {
    this.#events.inc({ status });
  }

  attempt(destination: string, outcome: AttemptOutcome): void {
    this.#attempts.inc({ destination, outcome });
  }

  deadLetter(destination: string): void {
    this.#dead.inc({ destination });
  }

  templateFailure(destination: string): void {
    this.#templateFailures.inc({ destination });
  }

  /** All metrics in Prometheus' text format. */
  async expose(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}

/** Several gauges of one scrape share what they read. */
function onceAScrape(read: () => Promise<readonly LaneRecord[]>) {
  let reading: Promise<readonly LaneRecord[]> | undefined;
  return () => {
    reading ??= read().finally(() => setImmediate(() => (reading = undefined)));
    return reading;
  };
}

/** A gauge that is read from the store when it is asked for. */
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
      await read((labels, value) => made.set(labels, value));
    },
  });
}

import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Settled } from "../pipeline/report.ts";
import type { EventStatus } from "../store/store.ts";
import { ConfigGauges } from "./config-gauges.ts";
import {
  beginCounters,
  type Counters,
  counters,
  type ReloadResult,
  type ReportOutcome,
} from "./counters.ts";
import { type GaugeParts, gauges } from "./gauges.ts";
import { Names } from "./labels.ts";
import { beginTimings, type Timings, timings } from "./timings.ts";
import type { Answer } from "./webhooks.ts";

/** What the metrics tell of the config in use. */
export interface ConfigLabels {
  readonly revision: string;
  readonly sources: readonly Named[];
  readonly destinations: readonly Named[];
}

/** A source or destination, by the name that the config has for it. */
interface Named {
  readonly name: string;
}

/** What the bridge tells Prometheus. https://prometheus.io/docs/practices/naming/ */
export class Metrics {
  readonly #registry = new Registry();
  readonly #sources = new Names();
  readonly #destinations = new Names();
  readonly #counters: Counters;
  readonly #timings: Timings;
  readonly #config: ConfigGauges;

  /** `version` is Bellhop's. */
  constructor(version: string) {
    this.#counters = counters(this.#registry);
    this.#timings = timings(this.#registry);
    info(this.#registry, "bellhop_build_info", "The version that runs.", { version });
    this.#config = new ConfigGauges(this.#registry);
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
  }

  /** A config is in use from now on, in milliseconds since the epoch; its sources and destinations have series. */
  configured({ revision, sources, destinations }: ConfigLabels, now: number): void {
    this.#config.inUse(revision, now);
    const freshSources = this.#sources.add(sources.map(({ name }) => name));
    const freshDestinations = this.#destinations.add(destinations.map(({ name }) => name));
    beginCounters(this.#counters, freshSources, freshDestinations);
    beginTimings(this.#timings, freshSources, freshDestinations);
  }

  /** Something came of a changed config; unless it is in use, the one before stays so. */
  reloaded(result: ReloadResult): void {
    this.#counters.reloads.inc({ result });
    if (result !== "applied") this.#config.refused();
  }

  /** Adds the gauges, which are read from the store whenever Prometheus asks; to be called once. */
  watch(parts: GaugeParts): void {
    gauges(this.#registry, parts);
  }

  /** A webhook was answered; `source` is `unknown` for a name that the config does not have. */
  webhook(source: string, answer: Answer): void {
    this.#counters.webhooks.inc({ source: this.#sources.labelOf(source), answer });
  }

  /** The answer to a webhook was sent, so many seconds after it came. */
  webhookAnswered(source: string, seconds: number): void {
    this.#timings.webhook.observe({ source: this.#sources.labelOf(source) }, seconds);
  }

  /** It was decided what an event comes to. */
  event(source: string, status: Exclude<EventStatus, "stored">): void {
    this.#counters.events.inc({ source: this.#sources.labelOf(source), status });
  }

  /** An attempt has ended. */
  settled({ claim, outcome, status, templateError, endedAt }: Settled): void {
    const destination = this.#destinations.labelOf(claim.destination);
    this.#counters.attempts.inc({ destination, outcome: outcome.kind });
    this.#timings.attempt.observe({ destination }, secondsBetween(claim.startedAt, endedAt));
    if (templateError !== null) this.#counters.templateFailures.inc({ destination });
    if (status !== "pending") this.#counters.deliveries.inc({ destination, status });
    if (status === "delivered")
      this.#timings.delivery.observe({ destination }, secondsBetween(claim.acceptedAt, endedAt));
  }

  /** Deliveries were given up on because they waited too long, one to each of these destinations. */
  expired(destinations: readonly string[]): void {
    for (const name of destinations) {
      const destination = this.#destinations.labelOf(name);
      this.#counters.deliveries.inc({ destination, status: "dead" });
    }
  }

  /** A person had so many deliveries and events go through again. */
  replayed(count: number): void {
    this.#counters.replays.inc(count);
  }

  /** A message was sent to the operator, or could not be. */
  report(outcome: ReportOutcome): void {
    this.#counters.reports.inc({ outcome });
  }

  /** The store wrote a transaction. */
  written(seconds: number): void {
    this.#timings.write.observe(seconds);
  }

  /** The store could not write a transaction. */
  writeFailed(): void {
    this.#counters.writeFailures.inc();
  }

  /** All metrics in Prometheus' text format. */
  async expose(): Promise<{ contentType: string; text: string }> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}

/** Gauges of prom-client that are called as only counters may be; they are the sums of others that it makes. */
const MISNAMED = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
];

/** From milliseconds since the epoch; never negative, also when the clock was set back. */
function secondsBetween(from: number, to: number): number {
  return Math.max(0, (to - from) / 1000);
}

function info(
  registry: Registry,
  name: string,
  help: string,
  labels: Readonly<Record<string, string>>,
): void {
  const labelNames = Object.keys(labels);
  new Gauge({ name, help, labelNames, registers: [registry] }).set(labels, 1);
}

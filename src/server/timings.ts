import { Histogram, type Registry } from "prom-client";

/** How long what the bridge does takes. */
export type Timings = ReturnType<typeof timings>;

/** The bounds of the histograms' buckets, in seconds; ours. */
const BUCKETS = {
  webhook: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  attempt: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  /** Up to the three days after which a delivery is given up on, unless the config says otherwise. */
  delivery: [0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 21_600, 86_400, 259_200],
  write: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
} as const;

/** Makes the series of sources and destinations, by their labels, without anything in them. */
export function beginTimings(
  made: Timings,
  sources: readonly string[],
  destinations: readonly string[],
): void {
  for (const source of sources) made.webhook.zero({ source });
  for (const destination of destinations) {
    made.attempt.zero({ destination });
    made.delivery.zero({ destination });
  }
}

/** Makes the histograms. */
export function timings(registry: Registry) {
  const registers = [registry];
  return {
    webhook: new Histogram({
      name: "bellhop_webhook_duration_seconds",
      help: "From a webhook's arrival to its answer.",
      labelNames: ["source"] as const,
      buckets: [...BUCKETS.webhook],
      registers,
    }),
    attempt: new Histogram({
      name: "bellhop_attempt_duration_seconds",
      help: "From the begin of an attempt to its outcome.",
      labelNames: ["destination"] as const,
      buckets: [...BUCKETS.attempt],
      registers,
    }),
    delivery: new Histogram({
      name: "bellhop_delivery_duration_seconds",
      help: "From a webhook's receipt to its delivered message; of a replay, from when it was asked for.",
      labelNames: ["destination"] as const,
      buckets: [...BUCKETS.delivery],
      registers,
    }),
    write: new Histogram({
      name: "bellhop_store_write_duration_seconds",
      help: "From the begin of a transaction of the store to the end of its commit.",
      buckets: [...BUCKETS.write],
      registers,
    }),
  };
}

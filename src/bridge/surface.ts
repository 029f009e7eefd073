import { replay, type ReplayOrder, type ReplayResult } from "../pipeline/replay.ts";
import { type App, createApp } from "../server/app.ts";
import { patient } from "../server/patient.ts";
import { readings } from "../server/readings.ts";
import { shared } from "../server/shared.ts";
import type { DeliveryRecord } from "../store/store.ts";
import type { Live } from "./live.ts";
import type { Reload } from "./reload.ts";
import { moveLanes, type SwapParts } from "./swap.ts";

/** What the HTTP surface is wired with. */
export interface SurfaceParts extends SwapParts {
  readonly reload: Reload;
}

/** Wires the HTTP surface with the steps, and the metrics with the store; it does not listen yet. */
export function makeSurface(parts: SurfaceParts): App {
  const { ground, live, store, metrics, steps, reload } = parts;
  const { now, onError } = ground;
  const read = inTime(shared(() => readings(store)));
  // Anybody may ask, and each ping is a write.
  const ping = inTime(shared(() => store.ping(), { cheapMs: 0 }));
  metrics.watch({ read, ping, now });
  return createApp({
    store,
    sources: () => live.sources,
    receive: (source, webhook) => steps.intake.receive(source, webhook),
    onAnswer: (source, answer) => metrics.webhook(source, answer),
    onAnswered: (source, seconds) => metrics.webhookAnswered(source, seconds),
    ping,
    read,
    revision: () => live.config.revision,
    outline: () => live.config.outline,
    operator: () => steps.operator.trouble,
    config: () => reload.detail,
    adminToken: () => live.config.server.adminToken,
    replay: (order) => replayAll(parts, order),
    resume: async (name) => {
      const resumed = await store.resume(live.destinations.get(name)?.lane ?? name, now());
      steps.deliver.wake();
      return resumed;
    },
    link: (delivery) => linkOf(live, delivery),
    bodyLimit: () => live.config.server.bodyLimit,
    metrics,
    now,
    onError,
  });
}

/** How long health and metrics wait for the store, in milliseconds; ours: whoever asks them does not wait for long. */
const PATIENCE_MS = 2_000;

function inTime<T>(work: () => Promise<T>): () => Promise<T> {
  const why = `The database has not answered for ${PATIENCE_MS / 1_000} s.`;
  return patient(work, PATIENCE_MS, why);
}

/** How long the API waits for a platform to tell where a message is, in milliseconds; ours: it answers without as well. */
const LINK_TIMEOUT_MS = 2_000;

/** A message is where its destination posts now, unless that has moved since. */
async function linkOf(live: Live, { destination: name, lane, ref }: DeliveryRecord) {
  const destination = live.destinations.get(name);
  if (ref === null || destination?.link === undefined || destination.lane !== lane) return null;
  return destination.link(ref, AbortSignal.timeout(LINK_TIMEOUT_MS));
}

async function replayAll(parts: SurfaceParts, order: ReplayOrder): Promise<ReplayResult[]> {
  const { ground, live, store, metrics, steps } = parts;
  const { now, newId } = ground;
  const { lanes } = live;
  const results = await replay(
    {
      store,
      sources: () => live.sources,
      destinations: () => live.lanes,
      newId,
      now,
      onWaiting: () => {
        steps.process.wake();
        steps.deliver.wake();
      },
    },
    order,
  );
  // What was put into lanes while the config was changed may be in those of the one before.
  if (live.lanes !== lanes) await moveLanes(parts, lanes, live.lanes);
  if (order.isDryRun !== true)
    metrics.replayed(results.filter((one) => one.problem === null).length);
  return results;
}

import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { monotonicFactory } from "ulid";
import type { Config } from "./config/config.ts";
import type { NewId } from "./core/id.ts";
import type { Reason } from "./core/outcome.ts";
import { Deliver } from "./pipeline/deliver.ts";
import { Housekeeping } from "./pipeline/housekeeping.ts";
import { Intake } from "./pipeline/intake.ts";
import { Operator } from "./pipeline/operator.ts";
import { processWorker } from "./pipeline/process.ts";
import { replay } from "./pipeline/replay.ts";
import { type Log, logSettled } from "./pipeline/log.ts";
import { StoreWatch } from "./pipeline/store-watch.ts";
import { createApp } from "./server/app.ts";
import { listenError } from "./core/listen-error.ts";
import { Metrics } from "./server/metrics.ts";
import { readings } from "./server/readings.ts";
import { shared } from "./server/shared.ts";
import { openStore } from "./store/open.ts";
import type { Store } from "./store/store.ts";
import { version } from "./version.ts";

/** A running bridge. */
export interface Bridge {
  /** Where it listens: `http://127.0.0.1:8090`. */
  readonly url: string;
  readonly store: Store;
  /** Resolves when every accepted event is processed and nothing waits but in parked lanes. */
  idle(): Promise<void>;
  /** Takes no more webhooks, lets what is under way end, but not beyond `server.shutdown_grace`, and closes the store. */
  stop(): Promise<void>;
}

/** What a bridge takes from its surroundings. */
export interface Surroundings {
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
}

/** How long requests under way may take to end when the bridge stops, in milliseconds; ours, as they are over in no time. */
const CLOSE_GRACE_MS = 3_000;

/** How long a report that was cut off may take to be written down, in milliseconds; ours. */
const WRITE_GRACE_MS = 500;

/** Wires a bridge from a config and starts it. Rejects when the store cannot be opened or the port is taken. */
export async function startBridge(config: Config, surroundings: Surroundings): Promise<Bridge> {
  const { log, now = Date.now, random = Math.random } = surroundings;
  const newId = idFactory();
  const sources = new Map(config.sources.map((one) => [one.name, one]));
  const destinations = new Map(config.destinations.map((one) => [one.name, one]));
  const lanes = config.destinations.map(({ name, lane, account }) => ({
    destination: name,
    lane,
    account,
  }));
  const onError = (error: unknown) => log.error({ err: error }, "something failed");
  const owner = randomUUID();
  const telling = {
    destinations: () => config.destinations.filter((one) => config.operator.includes(one.name)),
    now,
    newId: () => newId("rpt"),
    log,
    timeoutMs: () => config.delivery.timeoutMs,
  };
  const storeWatch = new StoreWatch({
    ...telling,
    ping: () => store.ping(),
    onRecovered: (report) => {
      store.report([report], now()).then(() => operator.wake(), onError);
    },
  });
  const metrics = new Metrics({
    version: version(),
    revision: config.revision,
    sources: [...sources.keys()],
    destinations: [...destinations.keys()],
  });
  const store = await openStore(config.store.path, {
    onCommit: (seconds) => {
      metrics.written(seconds);
      storeWatch.worked();
    },
    onFailure: (error) => {
      metrics.writeFailed();
      storeWatch.failed(error);
    },
  });
  const read = shared(() => readings(store));
  // Anybody may ask, and each ping is a write.
  const ping = shared(() => store.ping(), { cheapMs: 0 });
  metrics.watch({ read, ping, now });
  const operator = new Operator({
    ...telling,
    store,
    owner,
    random,
    onSent: (outcome) => metrics.report(outcome),
    onLaneLeft: () => deliver.wake(),
    onError,
  });

  const onQuarantined = (event: string, source: string, reason: Reason) => {
    log.error({ event, source, reason }, "webhook quarantined");
    operator.wake();
  };

  const deliver = new Deliver({
    store,
    means: () => ({
      sources,
      destinations,
      templates: config.templates,
      giveUpAfterMs: config.delivery.giveUpAfterMs,
      timeoutMs: config.delivery.timeoutMs,
    }),
    owner,
    now,
    random,
    wanted: () => operator.wanted,
    onSettled: (settled) => {
      metrics.settled(settled);
      logSettled(log, settled);
      if (settled.status !== "delivered" || settled.templateError !== null) operator.wake();
    },
    onExpired: (expired) => {
      metrics.expired(expired);
      log.error(
        { destinations: [...new Set(expired)], count: expired.length },
        "messages given up on",
      );
      operator.wake();
    },
    onError,
  });
  const process = processWorker({
    store,
    rules: () => ({ revision: config.revision, sources, destinations, routes: config.routes }),
    newId,
    now,
    onProcessed: ({ status, error }, event) => {
      metrics.event(event.source, status);
      if (error !== null) onQuarantined(event.id, event.source, error);
    },
    onDeliveries: () => deliver.wake(),
    onError,
  });
  const intake = new Intake({
    store,
    newId,
    now,
    onStored: () => process.wake(),
    onQuarantined: (event, source, reason) => {
      metrics.event(source, "quarantined");
      onQuarantined(event, source, reason);
    },
  });
  const housekeeping = new Housekeeping({
    store,
    retention: () => config.retention,
    now,
    onPruned: (pruned) => log.info(pruned, "old events pruned"),
    onError,
  });
  const wake = () => {
    process.wake();
    deliver.wake();
  };
  const app = createApp({
    store,
    sources: () => sources,
    receive: (source, webhook) => intake.receive(source, webhook),
    onAnswer: (source, answer) => metrics.webhook(source, answer),
    onAnswered: (source, seconds) => metrics.webhookAnswered(source, seconds),
    ping,
    read,
    revision: () => config.revision,
    operator: () => operator.trouble,
    adminToken: () => config.server.adminToken,
    replay: async (order) => {
      const means = {
        store,
        sources: () => sources,
        destinations: () => lanes,
        newId,
        now,
        onWaiting: wake,
      };
      const results = await replay(means, order);
      if (order.isDryRun !== true)
        metrics.replayed(results.filter((one) => one.problem === null).length);
      return results;
    },
    resume: async (name) => {
      const resumed = await store.resume(destinations.get(name)?.lane ?? name, now());
      deliver.wake();
      return resumed;
    },
    bodyLimit: config.server.bodyLimit,
    metrics,
    now,
    onError,
  });

  try {
    await store.align(lanes, now());
    // Loading the platforms' clients blocks the event loop for a while: better before webhooks come than between them.
    await Promise.all(config.destinations.map((one) => one.open().catch(onError)));
    const { host, port } = config.server;
    await app.listen({ host, port }).catch((error: unknown) => {
      throw listenError(error, { host, port });
    });
  } catch (error) {
    await app.close();
    await store.close();
    throw error;
  }
  process.start();
  deliver.start();
  operator.start();
  housekeeping.start();
  const url = addressOf(app.server.address() as AddressInfo);
  log.info({ url, revision: config.revision }, "bridge started");

  return {
    url,
    store,
    idle: async () => {
      await intake.idle();
      while (await isBusy(store, deliver)) await new Promise((resolve) => setTimeout(resolve, 5));
      while (await operator.isBusy()) await new Promise((resolve) => setTimeout(resolve, 5));
      await storeWatch.idle();
    },
    stop: async () => {
      // Sockets that say nothing would hold the close up for as long as they like.
      const graceMs = config.server.shutdownGraceMs;
      const closeMs = Math.min(CLOSE_GRACE_MS, graceMs);
      const cut = setTimeout(() => app.server.closeAllConnections(), closeMs);
      const told = operator.stop(graceMs).then(() => storeWatch.idle());
      await Promise.all([
        app.close().finally(() => clearTimeout(cut)),
        deliver.stop(graceMs),
        Promise.race([told, pause(graceMs + WRITE_GRACE_MS, undefined, { ref: false })]),
      ]);
      await intake.idle();
      await Promise.all([process.stop(), housekeeping.stop()]);
      await store.close();
      log.info({}, "bridge stopped");
    },
  };
}

async function isBusy(store: Store, deliver: Deliver): Promise<boolean> {
  if (deliver.isBusy || (await store.backlog()) > 0) return true;
  return (await store.lanes()).some((lane) => lane.waiting > 0 && lane.parked === null);
}

function idFactory(): NewId {
  const ulid = monotonicFactory();
  return (prefix) => `${prefix}_${ulid()}`;
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

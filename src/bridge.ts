import { randomUUID } from "node:crypto";
import type { AddressInfo } from "node:net";
import { monotonicFactory } from "ulid";
import type { Config } from "./config/config.ts";
import type { NewId } from "./core/id.ts";
import { Deliver } from "./pipeline/deliver.ts";
import { Intake } from "./pipeline/intake.ts";
import { Operator } from "./pipeline/operator.ts";
import { processWorker } from "./pipeline/process.ts";
import { replay } from "./pipeline/replay.ts";
import { type Log, logSettled, reportsOf, reportsOfExpired } from "./pipeline/report.ts";
import { createApp } from "./server/app.ts";
import { listenError } from "./core/listen-error.ts";
import { Metrics } from "./server/metrics.ts";
import { openStore } from "./store/open.ts";
import type { Store } from "./store/store.ts";

/** A running bridge. */
export interface Bridge {
  /** Where it listens: `http://127.0.0.1:8090`. */
  readonly url: string;
  readonly store: Store;
  /** Resolves when every accepted event is processed and nothing waits but in parked lanes. */
  idle(): Promise<void>;
  /** Takes no more webhooks, lets what is under way end, and closes the store. */
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

/** How long attempts under way may take to end when the bridge stops, in milliseconds; ours. */
const SHUTDOWN_GRACE_MS = 10_000;

/** How long requests under way may take to end when the bridge stops, in milliseconds; ours. */
const CLOSE_GRACE_MS = 3_000;

/** Wires a bridge from a config and starts it. Rejects when the store cannot be opened or the port is taken. */
export async function startBridge(config: Config, surroundings: Surroundings): Promise<Bridge> {
  const { log, now = Date.now, random = Math.random } = surroundings;
  const newId = idFactory();
  const sources = new Map(config.sources.map((one) => [one.name, one]));
  const destinations = new Map(config.destinations.map((one) => [one.name, one]));
  const store = await openStore(config.store.path);
  const metrics = new Metrics(store, now);
  const onError = (error: unknown) => log.error({ err: error }, "something failed");

  const operator = new Operator({
    destinations: () => config.destinations.filter((one) => config.operator.includes(one.name)),
    now,
    newId: () => newId("dlv"),
    log: (report, problem) =>
      log.warn({ cause: report.cause, report: report.text, problem }, "operator report"),
    timeoutMs: config.delivery.timeoutMs,
  });

  const quarantined = (source: string, id: string, why: string) => {
    const text = `A webhook from ${source} was put in quarantine as ${id}: ${why}`;
    operator.tell({ cause: `quarantine:${source}`, text });
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
    owner: randomUUID(),
    now,
    random,
    onSettled: (settled) => {
      metrics.attempt(settled.claim.destination, settled.outcome.kind);
      if (settled.status === "dead") metrics.deadLetter(settled.claim.destination);
      if (settled.templateError !== null) metrics.templateFailure(settled.claim.destination);
      logSettled(log, settled);
      for (const report of reportsOf(settled)) operator.tell(report);
    },
    onExpired: (expired) => {
      for (const destination of expired) metrics.deadLetter(destination);
      for (const report of reportsOfExpired(expired)) operator.tell(report);
    },
    onError,
  });
  const process = processWorker({
    store,
    rules: () => ({ revision: config.revision, sources, destinations, routes: config.routes }),
    newId,
    now,
    onProcessed: ({ status, error }, event) => {
      metrics.event(status);
      if (error !== null) quarantined(event.source, event.id, error.text);
    },
    onDeliveries: () => deliver.wake(),
    onError,
  });
  const intake = new Intake({
    store,
    newId,
    now,
    onStored: () => process.wake(),
    onQuarantined: (source, id, error) => {
      const places = error.paths.length === 0 ? "" : ` (${error.paths.join(", ")})`;
      metrics.event("quarantined");
      quarantined(source, id, error.message + places);
    },
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
    revision: () => config.revision,
    adminToken: () => config.server.adminToken,
    replay: (order) =>
      replay({ store, sources: () => sources, newId, now, onWaiting: wake }, order),
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
    await store.align(
      config.destinations.map(({ name, lane, account }) => ({ destination: name, lane, account })),
      now(),
    );
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
  for (const one of config.destinations) one.open().catch(onError);
  const url = addressOf(app.server.address() as AddressInfo);
  log.info({ url, revision: config.revision }, "bridge started");

  return {
    url,
    store,
    idle: async () => {
      await intake.idle();
      while (await isBusy(store, deliver)) await new Promise((resolve) => setTimeout(resolve, 5));
      await operator.idle();
    },
    stop: async () => {
      // Sockets that say nothing would hold the close up for as long as they like.
      const cut = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
      await Promise.all([app.close(), deliver.stop(SHUTDOWN_GRACE_MS)]);
      clearTimeout(cut);
      await intake.idle();
      await process.stop();
      await operator.idle();
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

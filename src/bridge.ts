import type { AddressInfo } from "node:net";
import { monotonicFactory } from "ulid";
import type { Config } from "./config/config.ts";
import type { NewId } from "./core/id.ts";
import { Deliver, type Settled } from "./pipeline/deliver.ts";
import { Intake } from "./pipeline/intake.ts";
import { Operator } from "./pipeline/operator.ts";
import { processWorker } from "./pipeline/process.ts";
import { createApp } from "./server/app.ts";
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

/** The part of pino that the bridge uses: fields, and a static message. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How long attempts under way may take to end when the bridge stops, in milliseconds; ours. */
const SHUTDOWN_GRACE_MS = 10_000;

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
  const tell = (cause: string, text: string) => {
    operator.tell({ cause, text }).catch(onError);
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
    owner: newId("dlv"),
    now,
    random,
    onSettled: (settled) => {
      metrics.attempt(settled.claim.destination, settled.outcome.kind);
      if (settled.status === "dead") metrics.deadLetter(settled.claim.destination);
      if (settled.templateError !== null) metrics.templateFailure(settled.claim.destination);
      logSettled(log, settled);
      for (const report of reportsOf(settled)) tell(...report);
    },
    onError,
  });
  const process = processWorker({
    store,
    rules: () => ({ revision: config.revision, sources, destinations, routes: config.routes }),
    newId,
    now,
    onProcessed: (status) => metrics.event(status),
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
      tell(
        `quarantine:${source}`,
        `A webhook from ${source} was put in quarantine as ${id}: ${error.message}${places}`,
      );
    },
  });
  const app = createApp({
    store,
    sources: () => sources,
    receive: (source, webhook) => intake.receive(source, webhook),
    onAnswer: (source, answer) => metrics.webhook(source, answer),
    revision: () => config.revision,
    adminToken: () => config.server.adminToken,
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
    await app.listen({ host: config.server.host, port: config.server.port });
  } catch (error) {
    await app.close();
    await store.close();
    throw error;
  }
  process.start();
  deliver.start();
  const url = addressOf(app.server.address() as AddressInfo);
  log.info({ url, revision: config.revision }, "bridge started");

  return {
    url,
    store,
    idle: async () => {
      await intake.idle();
      while (await isBusy(store, deliver)) await new Promise((resolve) => setTimeout(resolve, 5));
    },
    stop: async () => {
      await app.close();
      await intake.idle();
      await process.stop();
      await deliver.stop(SHUTDOWN_GRACE_MS);
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

function logSettled(log: Log, settled: Settled): void {
  const { claim, outcome, status, parked } = settled;
  const fields = {
    delivery: claim.delivery,
    event: claim.event.id,
    destination: claim.destination,
    attempt: claim.attempt,
    outcome: outcome.kind,
    status,
    parked: parked ?? undefined,
    reason: outcome.kind === "delivered" ? undefined : outcome.reason.code,
  };
  if (status === "delivered") log.info(fields, "message delivered");
  else log.warn(fields, "message not delivered");
}

/** What the operator is told of an attempt: its cause and its text. */
function reportsOf(settled: Settled): [cause: string, text: string][] {
  const { claim, outcome, status, parked, templateError } = settled;
  const reports: [string, string][] = [];
  const why = outcome.kind === "delivered" ? "" : outcome.reason.text;
  if (parked !== null) {
    const what = parked === "lane" ? claim.lane : claim.account;
    reports.push([
      `parked:${what}`,
      `Messages to "${claim.destination}" wait (${what} is parked): ${why}`,
    ]);
  }
  if (status === "dead")
    reports.push([
      `dead:${claim.destination}`,
      `A message to "${claim.destination}" was given up on (${claim.delivery}): ${why}`,
    ]);
  if (templateError !== null)
    reports.push([
      `template:${claim.template ?? "default"}`,
      `A template failed, so a plain message was sent instead to "${claim.destination}": ${templateError}`,
    ]);
  return reports;
}

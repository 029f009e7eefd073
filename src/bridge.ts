import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Live } from "./bridge/live.ts";
import { Reload, type Reloaded } from "./bridge/reload.ts";
import { makeSteps, type Steps } from "./bridge/steps.ts";
import { makeSurface } from "./bridge/surface.ts";
import { type Ground, groundOf, type Surroundings } from "./bridge/surroundings.ts";
import type { Config, ServerConfig } from "./config/config.ts";
import type { Checked } from "./config/load.ts";
import { listenError } from "./core/listen-error.ts";
import { StoreWatch } from "./pipeline/store-watch.ts";
import type { App } from "./server/app.ts";
import { Metrics } from "./server/metrics.ts";
import { openStore } from "./store/open.ts";
import type { Store } from "./store/store.ts";
import { version } from "./version.ts";

/** A running bridge. */
export interface Bridge {
  /** Where it listens: `http://127.0.0.1:8090`. */
  readonly url: string;
  readonly store: Store;
  /** Has a changed config take the place of the one in use, as a whole, unless something is wrong with it; never rejects. */
  reload(checked: Checked): Promise<Reloaded>;
  /** Resolves when every accepted event is processed and nothing waits but in parked lanes. */
  idle(): Promise<void>;
  /** Takes no more webhooks, lets what is under way end, but not beyond `server.shutdown_grace`, and closes the store. */
  stop(): Promise<void>;
}

/** How long requests under way may take to end when the bridge stops, in milliseconds; ours, as they are over in no time. */
const CLOSE_GRACE_MS = 3_000;

/** How long what was cut off may take to be written down, in milliseconds; ours. */
const WRITE_GRACE_MS = 2_000;

/** Wires a bridge from a config and starts it. Rejects when the store cannot be opened or the port is taken. */
export async function startBridge(config: Config, surroundings: Surroundings): Promise<Bridge> {
  const ground = groundOf(surroundings);
  const live = new Live(config);
  const metrics = new Metrics(version());
  metrics.configured(config, ground.now());
  const storeWatch = new StoreWatch({
    ...ground,
    newId: () => ground.newId("rpt"),
    destinations: () => live.operator,
    timeoutMs: () => live.config.delivery.timeoutMs,
    ping: () => store.ping(),
    onRecovered: (report) => {
      store.report([report], ground.now()).then(() => steps.operator.wake(), ground.onError);
    },
  });
  const store = await openStore(config.store, {
    onCommit: (seconds) => {
      metrics.written(seconds);
      storeWatch.worked();
    },
    onFailure: (error) => {
      metrics.writeFailed();
      storeWatch.failed(error);
    },
    onNews: (news) => (news === "events" ? steps.process : steps.deliver).wake(),
    onTime: (now) => {
      // A clock that was given is the one to go by.
      if (surroundings.now === undefined) ground.clock.set(now);
    },
  });
  const parts = { ground, live, store, metrics };
  const steps = makeSteps(parts);
  const reload = new Reload({ ...parts, steps });
  const app = makeSurface({ ...parts, steps, reload });

  try {
    await store.align(live.lanes, ground.now());
    // Loading the platforms' clients blocks the event loop for a while: better before webhooks come than between them.
    await Promise.all(config.destinations.map((one) => one.open().catch(ground.onError)));
    await listen(app, config.server);
  } catch (error) {
    await app.close();
    await store.close();
    throw error;
  }
  steps.process.start();
  steps.leases.start();
  steps.deliver.start();
  steps.operator.start();
  steps.housekeeping.start();
  const url = addressOf(app.server.address() as AddressInfo);

  const running = { ground, live, store, steps, reload, storeWatch, app };
  return {
    url,
    store,
    reload: (checked) => reload.offer(checked),
    idle: () => untilIdle(running),
    stop: () => stop(running),
  };
}

interface Running {
  readonly ground: Ground;
  readonly live: Live;
  readonly store: Store;
  readonly steps: Steps;
  readonly reload: Reload;
  readonly storeWatch: StoreWatch;
  readonly app: App;
}

async function untilIdle({ store, steps, reload, storeWatch }: Running): Promise<void> {
  const { intake, deliver, operator } = steps;
  await reload.idle();
  await intake.idle();
  while (await isBusy(store, deliver)) await pause(5);
  while (await operator.isBusy()) await pause(5);
  await storeWatch.idle();
}

async function isBusy(store: Store, deliver: Steps["deliver"]): Promise<boolean> {
  if (deliver.isBusy || (await store.backlog()) > 0) return true;
  return (await store.lanes()).some((lane) => lane.waiting > 0 && lane.parked === null);
}

async function stop(running: Running): Promise<void> {
  const { ground, live, store } = running;
  const graceMs = live.config.server.shutdownGraceMs;
  // A store that does not answer holds up whoever waits for it, until it is closed.
  const isLate = pause(graceMs + WRITE_GRACE_MS, true, { ref: false });
  await Promise.race([endSteps(running, graceMs), isLate]);
  void stopWorkers(running.steps);
  await store.close();
  ground.log.info({}, "bridge stopped");
}

async function endSteps(running: Running, graceMs: number): Promise<void> {
  const { steps, reload, storeWatch, app } = running;
  const { intake, deliver, operator } = steps;
  const closeMs = Math.min(CLOSE_GRACE_MS, graceMs);
  reload.stop();
  // Sockets that say nothing would hold the close up for as long as they like.
  const cut = setTimeout(() => app.server.closeAllConnections(), closeMs);
  const told = operator.stop(graceMs).then(() => storeWatch.idle());
  await Promise.all([
    app.close().finally(() => clearTimeout(cut)),
    deliver.stop(graceMs),
    Promise.race([told, pause(graceMs + WRITE_GRACE_MS, undefined, { ref: false })]),
  ]);
  await intake.idle();
  await reload.idle();
  await stopWorkers(steps);
}

async function stopWorkers({ process, housekeeping, leases }: Steps): Promise<void> {
  await Promise.all([process.stop(), housekeeping.stop(), leases.stop()]);
}

async function listen(app: App, { host, port }: ServerConfig): Promise<void> {
  await app.listen({ host, port }).catch((error: unknown) => {
    throw listenError(error, { host, port });
  });
}

function addressOf({ address, family, port }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

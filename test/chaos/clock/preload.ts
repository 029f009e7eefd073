import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { promisify } from "node:util";
import { simulatedDate } from "./simulated-date.ts";
import { SimulatedTimer, type Time } from "./simulated-timer.ts";
import { realNow, simulated, type Stretch, stretchAt } from "./timeline.ts";

/** How often the file is looked at, in real milliseconds; much less than a change of pace is written down ahead. */
const LOOK_EVERY_MS = 20;

/**
 * Has a process live in simulated time: `node --import` this. Its dates and timers keep the pace that the file named
 * by SIMULATED_CLOCK tells. `performance.now` and timers inside Node stay real: they measure work, not waiting.
 */
install(process.env["SIMULATED_CLOCK"] ?? "");

function install(file: string): void {
  let stretches = read(file);
  const time: Time = {
    now: () => simulated(stretches, realNow()),
    factor: () => stretchAt(stretches, realNow()).factor,
  };
  const real = { setTimeout, clearTimeout, setInterval };
  real.setInterval(() => (stretches = read(file)), LOOK_EVERY_MS).unref();
  simulatedDate(time);

  const start =
    (isRepeated: boolean) =>
    (run: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) =>
      new SimulatedTimer({
        time,
        run: () => run(...args),
        ms: Math.max(1, ms ?? 1),
        isRepeated,
        setTimeout: real.setTimeout,
      });
  const sleep = <T>(
    ms?: number,
    value?: T,
    options: { signal?: AbortSignal; ref?: boolean } = {},
  ) =>
    new Promise<T | undefined>((resolve, reject) => {
      const { signal } = options;
      const stop = () => {
        timer.close();
        reject(
          new DOMException("The operation was aborted", {
            name: "AbortError",
            cause: signal?.reason,
          }),
        );
      };
      const timer = start(false)(() => {
        signal?.removeEventListener("abort", stop);
        resolve(value);
      }, ms);
      if (options.ref === false) timer.unref();
      if (signal?.aborted === true) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    });
  const stop = (timer: unknown) => {
    if (timer instanceof SimulatedTimer) timer.close();
    else real.clearTimeout(timer as NodeJS.Timeout);
  };
  const replaced = {
    setTimeout: Object.assign(start(false), { [promisify.custom]: sleep }),
    setInterval: start(true),
    clearTimeout: stop,
    clearInterval: stop,
  };
  Object.assign(globalThis, replaced);
  Object.assign(timers, replaced);
  Object.assign(timersPromises, { setTimeout: sleep });
  syncBuiltinESMExports();
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    start(false)(() => controller.abort(reason), ms).unref();
    return controller.signal;
  };
}

function read(file: string): readonly Stretch[] {
  return JSON.parse(readFileSync(file, "utf8")) as readonly Stretch[];
}

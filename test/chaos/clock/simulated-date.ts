import type { Time } from "./simulated-timer.ts";

/** Has `Date.now()` and `new Date()` tell the simulated time in this process. */
export function simulatedDate(time: Time): void {
  const RealDate = Date;
  const now = () => Math.floor(time.now());
  RealDate.now = now;
  const SimulatedDate = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args: [], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  });
  RealDate.prototype.constructor = SimulatedDate;
  globalThis.Date = SimulatedDate;
}

import type { Bench } from "./bench.ts";
import { check } from "./check.ts";
import { drain } from "./drain.ts";
import { endToEnd } from "./end-to-end.ts";
import { floor } from "./floor.ts";
import { intake } from "./intake.ts";
import { latency } from "./latency.ts";
import { memory } from "./memory.ts";
import { peers } from "./peers.ts";
import { process } from "./process.ts";
import { render } from "./render.ts";
import { size } from "./size.ts";
import { start } from "./start.ts";

/** All benches, in the order in which they are run. */
export const BENCHES: readonly Bench[] = [
  floor,
  intake,
  peers,
  latency,
  process,
  endToEnd,
  drain,
  render,
  check,
  memory,
  start,
  size,
];

import { seeded } from "../random.ts";
import type { Place } from "../rig.ts";
import type { Habits } from "../sender.ts";

/** How many webhooks go out twice at the same moment, and how many come again later though they were answered. */
const SHARES = { twins: 0.1, again: 0.1 } as const;

/** The longest until a webhook that was answered comes again, in milliseconds; ours. */
const LATEST_MS = 3_000;

/** Vendors in front of a load balancer that knows nothing: each webhook goes to any of the bridges, and some of them again. */
export function carelessHabits(places: readonly Place[], seed: number): Habits {
  const random = seeded(seed);
  return {
    to: () => places[Math.floor(random() * places.length)]?.url ?? "",
    isTwin: () => random() < SHARES.twins,
    againAfterMs: () => (random() < SHARES.again ? random() * LATEST_MS : undefined),
  };
}

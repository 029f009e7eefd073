import { judge } from "../../../src/core/delivery.ts";
import type { Claim, Store } from "../../../src/store/store.ts";
import type { HurriedClock } from "./hurried-clock.ts";
import { CONFIGS } from "./town.ts";
import { working } from "./working.ts";

/** The most rounds that a drain may take. */
const MOST_ROUNDS = 20_000;

/** How far the clock is set forward when nothing is due: past every lease. */
const FORWARD_MS = 60_000;

/** Works on a store alone, without any trouble, until nothing is left to do; the clock is set to whenever something is due. */
export async function drain(
  store: Store,
  clock: HurriedClock,
  newId: (prefix: string) => string,
): Promise<void> {
  const work = working(CONFIGS[0] ?? [], newId);
  let idleRounds = 0;
  for (let round = 0; round < MOST_ROUNDS && idleRounds < 3; round += 1) {
    const now = clock.now();
    const processed = await store.process(100, now, work);
    const claims = await store.claim({ now, limit: 100, owner: newId("clm"), leaseMs: 30_000 });
    await store.settle(claims.map((claim) => delivered(claim, clock.now())));
    const isIdle = processed + claims.length === 0;
    const due = isIdle ? await store.nextDue(now) : undefined;
    if (due !== undefined) clock.skipTo(due);
    else if (isIdle) {
      idleRounds += 1;
      clock.skipTo(now + FORWARD_MS);
    }
  }
  // What waits in lanes that are closed for good is given up on.
  const now = clock.now();
  while ((await store.expire({ before: now, now, toReports: () => [] })).length > 0);
  await store.told(await store.dueReports(now, 0), now);
}

function delivered(claim: Claim, now: number) {
  const ref = { channel: "C1", id: "1.2", url: null };
  const settlement = judge(
    { kind: "delivered", ref },
    {
      ...claim,
      now,
      random: 0.5,
      giveUpAfterMs: Infinity,
      paceMs: 0,
      onUnknown: "retry",
    },
  );
  const attempt = {
    outcome: "delivered" as const,
    reason: null,
    endedAt: now,
    template: "default",
    templateError: null,
    reports: [],
  };
  return { claim, settlement, attempt };
}

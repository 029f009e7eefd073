import { LEASE } from "../../../src/pipeline/leases.ts";
import type { Refusal } from "../../../src/sandbox/message.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { atLeast, atMost, informs, mustBe } from "../figures.ts";
import type { Figure, Plan } from "../scenario.ts";
import type { Spent } from "./accounts.ts";
import type { Fleet } from "./fleet.ts";
import type { LaneTimes } from "./lane-times.ts";
import type { Outage } from "./outages.ts";
import { shortestSlackPause } from "./pace.ts";

const HELD = "lanes that a bridge held when it was killed";

/** The longest that a lane may wait for a bridge, in milliseconds: its lease and as long again. */
const MOST_WAIT_MS = 2 * LEASE.forMs;

/**
 * The shortest pause of a Slack channel, in milliseconds, less how unevenly messages may arrive.
 * https://docs.slack.dev/apis/web-api/rate-limits
 */
const LEAST_PAUSE_MS = 1_000 - 50;

/** Whether bridges came and stayed: only without a database they may fail to start. */
export function startFigures({ inVain, failed }: Fleet, outages: readonly Outage[]): Figure[] {
  const others = inVain.filter(
    (start) => !outages.some(({ from, until }) => start.from < until && start.until > from),
  );
  const [first] = others;
  return [
    informs("… and a bridge could not start for it", inVain.length - others.length),
    mustBe("bridges that did not start otherwise", others.length, 0),
    ...(first === undefined ? [] : [informs("… the first of which said", first.words)]),
    mustBe("bridges that ended by themselves", failed, 0),
  ];
}

/** Whether any channel got more than its platform allows: the sandbox refuses that, whichever bridge it comes from. */
export function paceFigures(sandbox: Sandbox): Figure[] {
  const tooFast = sandbox.refused.filter(isTooFast);
  const posts = tooFast.filter(({ call }) => call !== "conversations.history");
  return [
    mustBe("messages refused as too fast", posts.length, 0),
    mustBe("look-ups refused as too fast", tooFast.length - posts.length, 0),
    mustBe("requests inside a wait that a platform had asked for", sandbox.early, 0),
    atLeast(
      "milliseconds between two messages of a Slack channel, at the least",
      shortestSlackPause(sandbox.messages),
      LEAST_PAUSE_MS,
    ),
  ];
}

function isTooFast({ code }: Refusal): boolean {
  return code === "ratelimited" || code === "429";
}

/** How long lanes waited for a bridge, after kills and at all. */
export function laneFigures(times: LaneTimes, size: Plan["size"]): Figure[] {
  const { held, handOvers, messages, longestIdle } = times;
  // In the short form other tests share the machine.
  const bounded = (name: string, ms: number) =>
    size === "full" ? atMost(name, ms, MOST_WAIT_MS) : informs(name, ms);
  return [
    // With the few kills of the short form, none may be under way at one.
    size === "full" ? atLeast(HELD, held, 1) : informs(HELD, held),
    informs("… milliseconds until another was at them, for half of them", middle(handOvers)),
    bounded("… for all of them", handOvers.at(-1) ?? 0),
    informs("… milliseconds until their next message, for half of them", middle(messages)),
    // The message that was under way is looked for first, at the pace of its token's look-ups.
    informs("… for all of them", messages.at(-1) ?? 0),
    bounded("milliseconds that a lane waited for an attempt, at most", longestIdle),
  ];
}

/** What the database spent on so many events. */
export function databaseFigures({ transactions, deadlocks, wal }: Spent, events: number): Figure[] {
  return [
    informs(
      "transactions of the database per event",
      Math.round((10 * transactions) / events) / 10,
    ),
    informs("bytes of its log per event", Math.round(wal / events)),
    informs("deadlocks", deadlocks),
  ];
}

function middle(all: readonly number[]): number {
  return all[Math.floor(all.length / 2)] ?? 0;
}

import type { Unmade } from "../core/delivery.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Report } from "../core/report.ts";
import type { Claim, LateRecord } from "../store/store.ts";

/** What is told of an attempt. */
export interface Settled {
  readonly claim: Claim;
  readonly outcome: Outcome | Unmade;
  readonly status: "pending" | "delivered" | "unknown" | "dead";
  /** What was parked by it. */
  readonly parked: "lane" | "account" | null;
  readonly templateError: string | null;
  /** When it came to its outcome. */
  readonly endedAt: number;
}

/** How long a state that lasts is left alone once it was told, in milliseconds; as Alertmanager's `repeat_interval`. */
const REMIND_AFTER_MS = 4 * 3_600_000;

/** What the operator is told of an attempt; nothing when all went well. */
export function reportsOf(settled: Settled): Report[] {
  const { claim, outcome, status, parked, templateError } = settled;
  const to = `to "${claim.destination}"`;
  const why = outcome.kind === "delivered" ? "" : outcome.reason.text;
  const reports: Report[] = [];
  if (parked !== null) {
    const [what, before] =
      parked === "lane" ? [claim.lane, claim.laneParked] : [claim.account, claim.accountParked];
    const isFinal = outcome.kind === "rejected" && outcome.final === true;
    const hint = isFinal
      ? ""
      : ` Once that is mended, \`bellhop resume ${claim.destination}\` tries it at once.`;
    const text = `Messages ${to} wait, because ${what} is parked: ${why}${hint}`;
    const lasts = before === null ? {} : { remindAfterMs: REMIND_AFTER_MS };
    reports.push({ cause: `parked:${what}`, text, ...lasts });
  }
  if (status === "dead") {
    const text = `A message ${to} was given up on (${claim.delivery}): ${why}`;
    reports.push({ cause: `dead:${claim.destination}`, text });
  }
  if (status === "unknown") {
    const text = `A message ${to} may or may not have been posted, and is not tried again (${claim.delivery}): ${why}`;
    reports.push({ cause: `unknown:${claim.destination}`, text });
  }
  if (templateError !== null) {
    const text = `A template failed, so a plain message was sent instead ${to}: ${templateError}`;
    reports.push({ cause: `template:${claim.template ?? "default"}`, text });
  }
  return reports;
}

/** What the operator is told of deliveries that waited too long, by their destinations. */
export function reportsOfExpired(destinations: readonly string[]): Report[] {
  return destinations.map((name) => ({
    cause: `expired:${name}`,
    text: `A message to "${name}" waited too long and was given up on. \`bellhop replay --dead\` sends it again.`,
  }));
}

/** What the operator is told of a webhook in quarantine; `why` names the places in the payload that did not fit. */
export function reportOfQuarantine(source: string, event: string, why: string): Report {
  const text = `A webhook from ${source} was put in quarantine as ${event}: ${why}`;
  return { cause: `quarantine:${source}`, text };
}

/** What the operator is told of deliveries that are late; `known` are the destinations that were so before. */
export function reportsOfLate(
  late: readonly LateRecord[],
  known: ReadonlySet<string>,
  now: number,
): Report[] {
  const oldest = new Map(late.toReversed().map((record) => [record.destination, record]));
  return [...oldest.values()].map(({ destination, oldestAt, lastError }) => {
    const minutes = Math.floor((now - oldestAt) / 60_000);
    const why = lastError === null ? "" : ` The last attempt: ${lastError.text}`;
    const text = `Messages to "${destination}" are late: the oldest has waited for ${minutes} minutes.${why}`;
    const lasts = known.has(destination) ? { remindAfterMs: REMIND_AFTER_MS } : {};
    return { cause: `late:${destination}`, text, ...lasts };
  });
}

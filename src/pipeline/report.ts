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
  const why = outcome.kind === "delivered" ? "" : `${outcome.reason.text} (${outcome.reason.code})`;
  const look = `\`bellhop explain ${claim.event.id}\` tells more`;
  const reports: Report[] = [];
  if (parked !== null) {
    const [cause, before] =
      parked === "lane" ? [claim.lane, claim.laneParked] : [claim.account, claim.accountParked];
    const isFinal = outcome.kind === "rejected" && outcome.final === true;
    const hint = isFinal
      ? ""
      : ` Once that is mended, \`bellhop resume ${claim.destination}\` tries it at once.`;
    const what = parkedName(parked, claim.destination, cause);
    const text = `Messages ${to} wait, because ${what} is parked: ${why}${hint}`;
    const lasts = before === null ? {} : { remindAfterMs: REMIND_AFTER_MS };
    reports.push({ cause: `parked:${cause}`, text, ...lasts });
  }
  const reopened = status === "delivered" ? reopenedBy(claim) : null;
  if (reopened !== null) {
    const what = parkedName(reopened.scope, claim.destination, reopened.cause);
    const text = `Messages ${to} go out again: ${what} is no longer parked.`;
    reports.push({ cause: `open:${reopened.cause}`, text });
  }
  if (status === "dead") {
    const text = `A message ${to} was given up on (${claim.delivery}): ${why} ${look}; once that is mended, \`bellhop replay ${claim.delivery}\` sends it again.`;
    reports.push({ cause: `dead:${claim.destination}`, text });
  }
  if (status === "unknown") {
    const text = `A message ${to} may or may not have been posted, and is not tried again (${claim.delivery}): ${why} Look in the channel; if it is not there, \`bellhop replay ${claim.delivery}\` sends it again.`;
    reports.push({ cause: `unknown:${claim.destination}`, text });
  }
  if (templateError !== null) {
    const text = `A template failed, so a plain message was sent instead ${to}: ${templateError} \`bellhop check\` may tell more.`;
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
  const text = `A webhook from ${source} was put in quarantine as ${event}: ${why} Nothing was posted of it. After an upgrade that can read it, \`bellhop replay ${event}\` has it processed.`;
  return { cause: `quarantine:${source}`, text };
}

/**
 * What the operator is told of deliveries that are late; `known` are the destinations that were so before. What is
 * parked was told when that happened, and is brought to mind again.
 */
export function reportsOfLate(
  late: readonly LateRecord[],
  known: ReadonlySet<string>,
  now: number,
): Report[] {
  const oldest = new Map(late.toReversed().map((record) => [record.destination, record]));
  return [...oldest.values()].map((record) => {
    const { destination, oldestAt, lastError } = record;
    const minutes = Math.floor((now - oldestAt) / 60_000);
    const parked = parkedBy(record);
    if (parked !== null) {
      const text = `Messages to "${destination}" still wait, the oldest for ${minutes} minutes, because ${parked.what} is parked: ${parked.why}`;
      return { cause: `parked:${parked.cause}`, text, remindAfterMs: REMIND_AFTER_MS };
    }
    const why = lastError === null ? "" : ` The last attempt: ${lastError.text}`;
    const text = `Messages to "${destination}" are late: the oldest has waited for ${minutes} minutes. They go out by themselves as soon as they can.${why}`;
    const lasts = known.has(destination) ? { remindAfterMs: REMIND_AFTER_MS } : {};
    return { cause: `late:${destination}`, text, ...lasts };
  });
}

/** What was parked until an attempt was delivered; `null` when nothing was. */
export function reopenedBy({ lane, laneParked, account, accountParked }: Claim) {
  if (accountParked !== null) return { scope: "account", cause: account } as const;
  return laneParked === null ? null : ({ scope: "lane", cause: lane } as const);
}

function parkedBy(record: LateRecord) {
  const { destination, lane, laneParked, account, accountParked } = record;
  if (laneParked !== null)
    return { cause: lane, what: parkedName("lane", destination, lane), why: laneParked.text };
  if (accountParked === null) return null;
  const what = parkedName("account", destination, account);
  return { cause: account, what, why: accountParked.text };
}

/** What is parked, in words, with the id that `/readyz` and `bellhop resume` know it by. */
function parkedName(parked: "lane" | "account", destination: string, id: string): string {
  return parked === "lane"
    ? `its channel (${id})`
    : `everything on the token or webhook of "${destination}" (${id})`;
}

import type { Settled } from "./deliver.ts";
import type { Report } from "./operator.ts";

/** The part of pino that the bridge uses: fields, and a static message. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The fields and the message that the log keeps of an attempt; no customer data and no secrets. */
export function logSettled(log: Log, settled: Settled): void {
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

/** What the operator is told of an attempt; nothing when all went well. */
export function reportsOf(settled: Settled): Report[] {
  const { claim, outcome, status, parked, templateError } = settled;
  const to = `to "${claim.destination}"`;
  const why = outcome.kind === "delivered" ? "" : outcome.reason.text;
  const reports: Report[] = [];
  if (parked !== null) {
    const what = parked === "lane" ? claim.lane : claim.account;
    const text = `Messages ${to} wait, because ${what} is parked: ${why}`;
    reports.push({ cause: `parked:${what}`, text });
  }
  if (status === "dead") {
    const text = `A message ${to} was given up on (${claim.delivery}): ${why}`;
    reports.push({ cause: `dead:${claim.destination}`, text });
  }
  if (templateError !== null) {
    const text = `A template failed, so a plain message was sent instead ${to}: ${templateError}`;
    reports.push({ cause: `template:${claim.template ?? "default"}`, text });
  }
  return reports;
}

/** What the operator is told of deliveries that waited too long, by their destinations. */
export function reportsOfExpired(destinations: readonly string[]): Report[] {
  const byDestination = Map.groupBy(destinations, (name) => name);
  return [...byDestination].map(([name, all]) => ({
    cause: `expired:${name}`,
    text: `${all.length} message(s) to "${name}" waited too long and were given up on. \`bellhop replay --dead\` sends them again.`,
  }));
}

import type { Settled } from "./report.ts";

/** The part of pino that the bridge uses: fields, and a static message. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Logs an attempt, as an error when a person has to do something; no customer data and no secrets. */
export function logSettled(log: Log, settled: Settled): void {
  const { claim, outcome, status, parked, templateError } = settled;
  const fields = {
    delivery: claim.delivery,
    event: claim.event.id,
    destination: claim.destination,
    attempt: claim.attempt,
    outcome: outcome.kind,
    status,
    parked: parked ?? undefined,
    reason: outcome.kind === "delivered" ? undefined : outcome.reason.code,
    template_error: templateError ?? undefined,
  };
  if (status === "dead" || status === "unknown" || parked !== null)
    log.error(fields, "message needs a person");
  else if (status !== "delivered") log.warn(fields, "message not delivered");
  else if (templateError !== null) log.warn(fields, "message delivered without its template");
  else log.info(fields, "message delivered");
}

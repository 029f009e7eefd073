import type { FastifyInstance } from "fastify";
import type { Readings } from "./readings.ts";

/** What the health endpoints work with. */
export interface HealthParts {
  /** Throws when the store cannot be written. */
  readonly ping: () => Promise<void>;
  readonly read: () => Promise<Readings>;
  readonly revision: () => string;
  /** Why the operator cannot be told, and since when, in milliseconds since the epoch; `null` while all is well. */
  readonly operator?: () => { readonly since: number; readonly reason: string } | null;
}

/** The most parked lanes that an answer lists; ours: beside them it tells how many there are. */
const MOST_PARKED = 100;

/** `GET /healthz`, which answers while the process runs, and `GET /readyz`, which answers 503 when it cannot work. */
export function health(parts: HealthParts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get("/healthz", async () => ({ status: "ok" }));
    app.get("/readyz", async (_request, reply) => {
      try {
        await parts.ping();
        return await reply.send(readiness(parts, await parts.read()));
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return reply
          .code(503)
          .send({ status: "unavailable", store: text, ...operatorDetail(parts) });
      }
    });
  };
}

/** A platform that is away shows as a detail: the bridge itself still works. */
function readiness(parts: HealthParts, { events, lanes }: Readings): object {
  const parked = lanes.flatMap((lane) =>
    lane.parked === null ? [] : [{ lane: lane.lane, waiting: lane.waiting, reason: lane.parked }],
  );
  return {
    status: "ready",
    revision: parts.revision(),
    events_waiting: events,
    deliveries_waiting: lanes.reduce((sum, lane) => sum + lane.waiting, 0),
    lanes_parked: parked.length,
    parked: parked.slice(0, MOST_PARKED),
    ...operatorDetail(parts),
  };
}

/** Only there while something is wrong. */
function operatorDetail(parts: HealthParts): object {
  const trouble = parts.operator?.() ?? null;
  if (trouble === null) return {};
  const { since, reason } = trouble;
  return { operator: { failing_since: new Date(since).toISOString(), reason } };
}

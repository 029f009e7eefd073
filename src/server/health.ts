import type { FastifyInstance } from "fastify";
import type { Store } from "../store/store.ts";

/** What the health endpoints work with. */
export interface HealthParts {
  readonly store: Store;
  readonly revision: () => string;
}

/** `GET /healthz`, which answers while the process runs, and `GET /readyz`, which answers 503 when it cannot work. */
export function health(parts: HealthParts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get("/healthz", async () => ({ status: "ok" }));
    app.get("/readyz", async (_request, reply) => {
      try {
        await parts.store.ping();
        return await reply.send(await readiness(parts));
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        return reply.code(503).send({ status: "unavailable", store: text });
      }
    });
  };
}

/** A platform that is away shows as a detail: the bridge itself still works. */
async function readiness(parts: HealthParts): Promise<object> {
  const lanes = await parts.store.lanes();
  const parked = lanes.flatMap((lane) =>
    lane.parked === null ? [] : [{ lane: lane.lane, waiting: lane.waiting, reason: lane.parked }],
  );
  return {
    status: "ready",
    revision: parts.revision(),
    events_waiting: await parts.store.backlog(),
    deliveries_waiting: lanes.reduce((sum, lane) => sum + lane.waiting, 0),
    parked,
  };
}

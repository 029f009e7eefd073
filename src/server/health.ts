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
  /** What is wrong with the config as it was changed last. */
  readonly config: () => ConfigDetail;
}

/** How the config on disk differs from the one in use. */
export interface ConfigDetail {
  /** Why it cannot be used, and since when, in milliseconds since the epoch; `null` while it is in use. */
  readonly trouble: { readonly since: number; readonly problems: readonly string[] } | null;
  /** Changed settings that take a restart, such as `server.port`. */
  readonly restart: readonly string[];
}

/** The most problems of a config that an answer lists; ours: the log has them all. */
const MOST_PROBLEMS = 10;

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
        return reply.code(503).send({ status: "unavailable", store: text, ...details(parts) });
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
    ...details(parts),
  };
}

/** Only there while something is wrong. */
function details(parts: HealthParts): object {
  return { ...operatorDetail(parts), ...configDetail(parts) };
}

function operatorDetail(parts: HealthParts): object {
  const trouble = parts.operator?.() ?? null;
  if (trouble === null) return {};
  const { since, reason } = trouble;
  return { operator: { failing_since: new Date(since).toISOString(), reason } };
}

function configDetail(parts: HealthParts): object {
  const { trouble, restart } = parts.config();
  const failing = trouble !== null && {
    failing_since: new Date(trouble.since).toISOString(),
    problems: trouble.problems.slice(0, MOST_PROBLEMS),
  };
  const pending = restart.length > 0 && { restart_needed: restart };
  return failing || pending ? { config: { ...failing, ...pending } } : {};
}

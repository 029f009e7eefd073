import fastify, { type FastifyInstance } from "fastify";
import { type ApiParts, api } from "./api.ts";
import { boundConnections, KEEP_ALIVE_MS } from "./connections.ts";
import { health, type HealthParts } from "./health.ts";
import type { Metrics } from "./metrics.ts";
import { webhooks, type WebhookParts } from "./webhooks.ts";

/** What the HTTP server is made of. */
export interface AppParts extends WebhookParts, HealthParts, ApiParts {
  readonly metrics: Metrics;
}

/** The bridge's HTTP server. */
export type App = FastifyInstance;

/** How long a request may take to come in, in milliseconds; ours. */
const REQUEST_TIMEOUT_MS = 10_000;

/** The bridge's HTTP surface; it neither listens nor starts anything by itself. */
export function createApp(parts: AppParts): App {
  const app = fastify({
    logger: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A webhook that trickles in must not hold a socket for longer than its sender waits for an answer.
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { connectionsCheckingInterval: 1_000 },
  });
  boundConnections(app);
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ error: "not-found", message: `There is nothing at ${pathOf(request.url)}.` }),
  );
  app.setErrorHandler<Error & { statusCode?: number }>(async (error, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500)
      return reply.code(status).send({ error: "bad-request", message: error.message });
    parts.onError(error);
    // What fails while the store is away fails because of that.
    const trouble = await troubleOf(parts);
    if (trouble !== undefined)
      return reply.code(503).send({ error: "unavailable", message: trouble });
    return reply
      .code(500)
      .send({ error: "internal", message: "Something went wrong; the bridge's log says what." });
  });
  app.register(webhooks(parts));
  app.register(health(parts));
  app.register(api(parts));
  app.get("/metrics", async (_request, reply) => {
    const { contentType, text } = await parts.metrics.expose();
    return reply.type(contentType).send(text);
  });
  return app;
}

/** Why the store cannot be written; `undefined` while it can. */
async function troubleOf({ ping }: HealthParts): Promise<string | undefined> {
  try {
    await ping();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

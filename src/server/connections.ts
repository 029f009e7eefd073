import type { FastifyInstance } from "fastify";

/**
 * How long a connection that says nothing is kept, in milliseconds: longer than a proxy keeps it, since who closes first may
 * close on a webhook that is on its way. The longest that we know of is 600 s.
 * https://docs.cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends
 */
export const KEEP_ALIVE_MS = 620_000;

/** The most connections at once; ours: each holds some memory even if it says nothing. */
const MAX_CONNECTIONS = 4_096;

/** How often connections that have ended their request are closed while the server closes, in milliseconds; ours. */
const LOOK_MS = 50;

/** Bounds an app's connections, and keeps those that say nothing from standing in the way of new ones and of its end. */
export function boundConnections(app: FastifyInstance): void {
  const { server } = app;
  server.maxConnections = MAX_CONNECTIONS;
  server.on("drop", () => server.closeIdleConnections());
  // The server itself closes those that are idle when it begins to. https://github.com/fastify/fastify/issues/7044
  app.addHook("preClose", (done) => {
    if (server.listening) {
      const timer = setInterval(() => server.closeIdleConnections(), LOOK_MS);
      server.once("close", () => clearInterval(timer));
    }
    done();
  });
}

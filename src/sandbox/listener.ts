import { fastify, type FastifyReply, type FastifyRequest } from "fastify";
import type { Incoming } from "./call.ts";

/** Where the sandbox listens, and what answers there. */
export interface Listen {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Answers a request; `connection` is the same for all requests that come by one connection. */
  readonly answer: (
    incoming: Incoming,
    reply: FastifyReply,
    connection: object,
  ) => Promise<FastifyReply>;
}

/** A port that can be closed and opened again. */
export interface Listener {
  readonly url: string;
  /** Closes the port, and ends every connection at once, also those of requests that hang. */
  down(): Promise<void>;
  /** Opens the same port again. */
  up(): Promise<void>;
}

/**
 * The largest body that is taken, in bytes.
 * https://docs.discord.com/developers/reference#uploading-files
 */
const BODY_LIMIT = 25 * 1024 * 1024;

/** Listens until `down`. Rejects when the port is taken. */
export async function listen(options: Listen): Promise<Listener> {
  let app: ReturnType<typeof serve> | null = serve(options);
  const url = await app.listen({ host: options.host, port: options.port });
  const port = Number(new URL(url).port);
  // One after the other, so that whoever asked last has their way.
  let turn: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void>): Promise<void> => {
    turn = turn.then(work, work);
    return turn;
  };
  return {
    url,
    down: () =>
      next(async () => {
        const closing = app;
        app = null;
        await closing?.close();
      }),
    up: () =>
      next(async () => {
        if (app !== null) return;
        const opening = serve(options);
        await opening.listen({ host: options.host, port });
        app = opening;
      }),
  };
}

function serve({ answer }: Listen) {
  // A keep-alive connection would hold `close` up for more than a minute otherwise.
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.all("/*", (request, reply) => answer(incomingOf(request), reply, request.raw.socket));
  return app;
}

function incomingOf(request: FastifyRequest): Incoming {
  const [path = "", query = ""] = request.url.split("?", 2);
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    body: typeof request.body === "string" ? request.body : "",
  };
}

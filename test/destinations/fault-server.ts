import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";

/** What the server does with every request: answer it, or one of the ways in which networks fail. */
export type Behavior = Answer | "hang" | "reset" | "cut";

/** An answer as it goes out. */
export interface Answer {
  readonly status: number;
  readonly headers?: { readonly [name: string]: string };
  /** How long it takes, in milliseconds; at once unless given. */
  readonly afterMs?: number;
  /** A text goes out as it is, anything else as JSON. */
  readonly body: unknown;
}

/** A request as it came in. */
interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A platform that fails on demand. */
export interface FaultServer {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly received: Received[];
  behave(behavior: Behavior): void;
  close(): Promise<void>;
}

/** Starts a platform on a free port of this machine. */
export async function startFaultServer(): Promise<FaultServer> {
  let behavior: Behavior = { status: 500, body: "no behavior set" };
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void take(request, response);
  });
  const origin = await listen(server);

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const { method = "", url = "", headers } = request;
    received.push({ method, url, headers, body });
    const answer = behavior;
    if (typeof answer === "object" && answer.afterMs !== undefined)
      await setTimeout(answer.afterMs);
    respond(answer, request, response);
  }

  return {
    origin,
    received,
    behave: (next) => {
      behavior = next;
    },
    close: () => close(server),
  };
}

/** An address on which nothing listens. */
export async function closedOrigin(): Promise<string> {
  const server = createServer();
  const origin = await listen(server);
  await close(server);
  return origin;
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

function respond(behavior: Behavior, request: IncomingMessage, response: ServerResponse): void {
  if (behavior === "hang") return;
  if (behavior === "reset") {
    request.socket.resetAndDestroy();
    return;
  }
  if (behavior === "cut") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"ok":true,', () => request.socket.destroy());
    return;
  }
  const { body } = behavior;
  response.writeHead(behavior.status, {
    "content-type": typeof body === "string" ? "text/html" : "application/json",
    ...behavior.headers,
  });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

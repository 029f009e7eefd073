import { Agent, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { boundConnections, KEEP_ALIVE_MS } from "../../src/server/connections.ts";
import { EVERYWHERE, openHouse, PARTIES } from "../end-to-end/house.ts";

describe("the connections of a server", () => {
  let app: FastifyInstance;
  let port: number;
  let agent: Agent;
  let reached: Promise<void>;
  let letGo: () => void;

  beforeEach(async () => {
    app = fastify({ keepAliveTimeout: KEEP_ALIVE_MS });
    boundConnections(app);
    const held = new Promise<void>((resolve) => (letGo = resolve));
    app.get("/", async () => "now");
    reached = new Promise((resolve) => {
      app.get("/held", async () => {
        resolve();
        return held.then(() => "at last");
      });
    });
    await app.listen({ host: "127.0.0.1", port: 0 });
    ({ port } = app.server.address() as AddressInfo);
    agent = new Agent({ keepAlive: true });
  });
  afterEach(async () => {
    agent.destroy();
    await app.close();
  });

  const ask = (path = "/", one = agent) => asked({ port, path, agent: one });

  it("are closed when the server closes, also those whose answer was under way", async () => {
    await ask();
    const held = ask("/held");
    await reached;
    const closing = app.close();
    while (app.server.listening) await nextTurn();
    letGo();

    expect((await held).text).toBe("at last");
    // The agent keeps its side for as long as it is told, which is minutes.
    await closing;
  });

  it("that say nothing make room for others", async () => {
    app.server.maxConnections = 2;
    const others = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    for (const one of others) await ask("/", one);

    await expect(ask()).rejects.toThrow();
    while ((await connectionsOf(app)) > 0) await nextTurn();
    expect((await ask()).text).toBe("now");
    for (const one of others) one.destroy();
  });
});

it("a bridge keeps a connection for the next webhook", async () => {
  const house = await openHouse({ config: PARTIES + EVERYWHERE });
  const agent = new Agent({ keepAlive: true });
  const { port } = new URL(house.bridge.url);

  const first = await asked({ port: Number(port), path: "/healthz", agent });
  const second = await asked({ port: Number(port), path: "/healthz", agent });

  expect([first.isReused, second.isReused]).toEqual([false, true]);
  // What keeps its side for longer than 600 s may be the second to close. https://docs.cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends
  expect(first.headers["keep-alive"]).toBe("timeout=620");
  agent.destroy();
  await house.close();
});

interface Answer {
  readonly text: string;
  readonly headers: IncomingMessage["headers"];
  /** Whether it came on a connection that was there before. */
  readonly isReused: boolean;
}

function asked(where: { port: number; path: string; agent: Agent }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get({ host: "127.0.0.1", ...where }, (response) => {
      const { headers } = response;
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      // A turn later the agent has its connection back.
      response.on("end", () =>
        setImmediate(() => resolve({ text, headers, isReused: request.reusedSocket })),
      );
    }).on("error", reject);
  });
}

function connectionsOf({ server }: FastifyInstance): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

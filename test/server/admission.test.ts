import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { PassThrough } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { FastifyRequest } from "fastify";
import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { Admission } from "../../src/server/admission.ts";
import { readBody } from "../../src/server/body.ts";
import { type WebhookParts, webhooks } from "../../src/server/webhooks.ts";
import type { Receipt } from "../../src/pipeline/intake.ts";
import { SOURCE_TYPES } from "../../src/sources/index.ts";

const MEBIBYTE = 1_048_576;

describe("the admission of webhooks", () => {
  it("turns away what comes while a thousand wait for the store, at once, and takes more when they are through", async () => {
    const answers: string[] = [];
    const waiting: ((receipt: Receipt) => void)[] = [];
    const app = fastify();
    app.register(
      webhooks(
        parts({
          receive: () => new Promise((resolve) => waiting.push(resolve)),
          onAnswer: (_source, answer) => answers.push(answer),
        }),
      ),
    );
    const post = () => app.inject({ method: "POST", url: "/webhooks/plain", payload: "{}" });

    const taken = Array.from({ length: 1_000 }, post);
    while (waiting.length < 1_000) await new Promise((resolve) => setImmediate(resolve));
    const more = await post();
    for (const accept of waiting) accept({ status: "accepted", id: "evt_1" });
    const all = await Promise.all(taken);
    const later = post();
    while (waiting.length < 1_001) await new Promise((resolve) => setImmediate(resolve));
    waiting.at(-1)?.({ status: "accepted", id: "evt_2" });

    expect(more.statusCode).toBe(503);
    expect(more.headers["retry-after"]).toBe("5");
    expect(more.json()).toMatchObject({ error: "overloaded" });
    expect(all.every((one) => one.statusCode === 202)).toBe(true);
    expect((await later).statusCode).toBe(202);
    expect(answers.filter((one) => one === "shed")).toHaveLength(1);
    await app.close();
  });

  it.each([
    ["and says how long it is", { "content-length": String(MEBIBYTE) }],
    ["and does not say how long it is", {}],
  ])(
    "leaves half of the bytes to what comes in whole when the end of the rest is held back, %s",
    async (_, headers) => {
      const admission = new Admission(() => MEBIBYTE);
      const limits = { bodyLimit: MEBIBYTE, admission };
      const slow = Array.from({ length: 17 }, () => body(headers));
      const reading = slow.map((one) => readBody(one.request, limits));

      for (const { stream } of slow) stream.write(Buffer.alloc(MEBIBYTE - 1));
      const results = Promise.allSettled(reading);
      await expect(reading[16]).rejects.toMatchObject({ statusCode: 503 });
      const whole = Array.from({ length: 16 }, () => body({ "content-length": String(MEBIBYTE) }));
      const taken = whole.map((one) => readBody(one.request, limits));
      for (const { stream } of whole) stream.end(Buffer.alloc(MEBIBYTE));
      const lengths = (await Promise.all(taken)).map((one) => one.length);
      for (const { stream } of slow) stream.destroy();
      await results;

      expect(lengths).toEqual(whole.map(() => MEBIBYTE));
    },
  );

  it("holds no more bytes than it may, and none of what it turned away", async () => {
    const admission = new Admission(() => MEBIBYTE);
    const limits = { bodyLimit: MEBIBYTE, admission };
    const read = (bytes: number) => {
      const { stream, request } = body({ "content-length": String(bytes) });
      stream.end(Buffer.alloc(bytes));
      return readBody(request, limits);
    };

    const held = await Promise.all(Array.from({ length: 32 }, () => read(MEBIBYTE)));
    const isFull = admission.isFull;
    await expect(read(1)).rejects.toMatchObject({ statusCode: 503 });
    for (const one of held) admission.release(one.length);
    const again = await Promise.all(Array.from({ length: 32 }, () => read(MEBIBYTE)));

    expect(isFull).toBe(true);
    expect(again).toHaveLength(32);
  });

  it("holds a body that comes byte by byte in hardly more memory than it is long", async () => {
    const { stream, request } = body();
    const reading = readBody(request, {
      bodyLimit: MEBIBYTE,
      admission: new Admission(() => MEBIBYTE),
    });
    const before = memory();

    for (let round = 0; round < 300; round += 1) {
      for (let at = 0; at < 1_000; at += 1) stream.write(Buffer.of(97));
      while (stream.readableLength + stream.writableLength > 0) await turn();
    }
    const more = memory() - before;
    stream.end();

    expect((await reading).equals(Buffer.alloc(300_000, 97))).toBe(true);
    expect(more).toBeLessThan(5 * MEBIBYTE);
  });

  it.each([
    ["of a source that the config does not have", "POST", "/webhooks/stripe", 404],
    ["that is not sent with POST", "PUT", "/webhooks/plain", 405],
  ])("answers a webhook %s before its body has come", async (_, method, path, status) => {
    const app = fastify();
    app.register(webhooks(parts({ receive: () => expect.unreachable("It is not to be taken.") })));
    await app.listen({ port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");

    socket.write(`${method} ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`);
    const [answer] = (await once(socket, "data")) as [Buffer];

    expect(answer.toString()).toContain(`HTTP/1.1 ${status} `);
    socket.destroy();
    await app.close();
  });

  it("refuses a body larger than the limit, whether it says so beforehand or not", async () => {
    const limits = { bodyLimit: 10, admission: new Admission(() => 10) };
    const announced = body({ "content-length": "11" });
    const chunked = body();

    const reading = [readBody(announced.request, limits), readBody(chunked.request, limits)];
    chunked.stream.write("12345678");
    chunked.stream.write("90123");

    for (const one of reading) await expect(one).rejects.toMatchObject({ statusCode: 413 });
  });

  it("refuses a body that is shorter than announced", async () => {
    const { stream, request } = body({ "content-length": "5" });

    const reading = readBody(request, { bodyLimit: 10, admission: new Admission(() => 10) });
    stream.end("1234");

    await expect(reading).rejects.toMatchObject({ statusCode: 400 });
  });

  it("gives a body back byte for byte, in whatever pieces it came", async () => {
    const { stream, request } = body({ "content-length": "5" });

    const reading = readBody(request, { bodyLimit: 10, admission: new Admission(() => 10) });
    for (const byte of [0x00, 0xff, 0x0a, 0xc3, 0x7d]) stream.write(Buffer.of(byte));
    stream.end();

    expect(await reading).toEqual(Buffer.of(0x00, 0xff, 0x0a, 0xc3, 0x7d));
  });

  it("turns webhooks away while the process does not keep up, but not because of one pause, and not while none waits", async () => {
    const admission = new Admission(() => MEBIBYTE);
    const later = Promise.withResolvers<void>();
    admission.watch();
    await turn();

    const waiting = admission.during(0, () => later.promise);
    block(900);
    await turn();
    const afterOne = admission.isFull;
    block(900);
    await turn();
    const afterTwo = admission.isFull;
    later.resolve();
    await waiting;
    const withNoneWaiting = admission.isFull;
    admission.close();

    expect([afterOne, afterTwo, withNoneWaiting]).toEqual([false, true, false]);
  });

  it("takes webhooks again once the process keeps up", async () => {
    const admission = new Admission(() => MEBIBYTE);
    const later = Promise.withResolvers<void>();
    admission.watch();
    const waiting = admission.during(0, () => later.promise);

    for (const ms of [900, 900]) {
      block(ms);
      await turn();
    }
    const wasFull = admission.isFull;
    while (admission.isFull) await turn();
    later.resolve();
    await waiting;
    admission.close();

    expect(wasFull).toBe(true);
  });
});

function parts(more: Partial<WebhookParts>): WebhookParts {
  return {
    sources: () => new Map([["plain", SOURCE_TYPES.plain.create("plain", settings())]]),
    receive: async () => ({ status: "accepted", id: "evt_1" }),
    onAnswer: () => {},
    onAnswered: () => {},
    onError: (error) => expect.unreachable(String(error)),
    bodyLimit: () => MEBIBYTE,
    ...more,
  };
}

function settings() {
  return SOURCE_TYPES.plain.config.parse({ type: "plain", secrets: ["a-secret-of-the-test"] });
}

/** A request's body as it comes in: a stream with headers. */
function body(headers: Record<string, string> = {}) {
  const stream = new PassThrough({ highWaterMark: 4 * MEBIBYTE });
  return {
    stream,
    request: Object.assign(stream, { headers }) as unknown as FastifyRequest["raw"],
  };
}

/** The bytes of JavaScript's own memory in use, without what nobody refers to any more. */
function memory(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

/** Lets timers and input have their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

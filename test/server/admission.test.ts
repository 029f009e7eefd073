import { PassThrough } from "node:stream";
import type { FastifyRequest } from "fastify";
import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { Admission } from "../../src/server/admission.ts";
import { readBody } from "../../src/server/body.ts";
import { webhooks } from "../../src/server/webhooks.ts";
import type { Receipt } from "../../src/pipeline/intake.ts";
import { SOURCE_TYPES } from "../../src/sources/index.ts";

const MEBIBYTE = 1_048_576;

describe("the admission of webhooks", () => {
  it("turns away what comes while a thousand wait for the store, at once, and takes more when they are through", async () => {
    const answers: string[] = [];
    const waiting: ((receipt: Receipt) => void)[] = [];
    const app = fastify();
    app.register(
      webhooks({
        sources: () => new Map([["plain", SOURCE_TYPES.plain.create("plain", settings())]]),
        receive: () => new Promise((resolve) => waiting.push(resolve)),
        onAnswer: (_source, answer) => answers.push(answer),
        onAnswered: () => {},
        onError: (error) => expect.unreachable(String(error)),
        bodyLimit: MEBIBYTE,
      }),
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

  it("holds no more bytes than it may, however slowly they come, and none of what it turned away", async () => {
    const admission = new Admission(MEBIBYTE);
    const limits = { bodyLimit: MEBIBYTE, admission };
    const bodies = Array.from({ length: 33 }, () => body());
    const reading = bodies.map((one) => readBody(one.request, limits));

    for (const { stream } of bodies) stream.write(Buffer.alloc(MEBIBYTE - 1));
    const results = Promise.allSettled(reading);
    await expect(reading[32]).rejects.toMatchObject({ statusCode: 503 });
    const wasFull = !admission.hold(MEBIBYTE);
    for (const { stream } of bodies.slice(0, 32)) stream.destroy();
    await results;

    expect(wasFull).toBe(true);
    expect(admission.hold(32 * MEBIBYTE)).toBe(true);
  });

  it("refuses a body larger than the limit, whether it says so beforehand or not", async () => {
    const limits = { bodyLimit: 10, admission: new Admission(10) };
    const announced = body({ "content-length": "11" });
    const chunked = body();

    const reading = [readBody(announced.request, limits), readBody(chunked.request, limits)];
    chunked.stream.write("12345678");
    chunked.stream.write("90123");

    for (const one of reading) await expect(one).rejects.toMatchObject({ statusCode: 413 });
  });

  it("refuses a body that is shorter than announced", async () => {
    const { stream, request } = body({ "content-length": "5" });

    const reading = readBody(request, { bodyLimit: 10, admission: new Admission(10) });
    stream.end("1234");

    await expect(reading).rejects.toMatchObject({ statusCode: 400 });
  });

  it("gives a body back byte for byte, in whatever pieces it came", async () => {
    const { stream, request } = body({ "content-length": "5" });

    const reading = readBody(request, { bodyLimit: 10, admission: new Admission(10) });
    for (const byte of [0x00, 0xff, 0x0a, 0xc3, 0x7d]) stream.write(Buffer.of(byte));
    stream.end();

    expect(await reading).toEqual(Buffer.of(0x00, 0xff, 0x0a, 0xc3, 0x7d));
  });

  it("turns webhooks away while the process does not keep up, but not because of one pause", async () => {
    const admission = new Admission(MEBIBYTE);
    admission.watch();
    await turn();

    block(900);
    await turn();
    const afterOne = admission.isFull;
    block(900);
    await turn();
    const afterTwo = admission.isFull;
    while (admission.isFull) await turn();
    admission.close();

    expect([afterOne, afterTwo]).toEqual([false, true]);
  });
});

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

/** Lets timers and input have their turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

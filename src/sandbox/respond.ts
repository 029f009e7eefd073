import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { Answer, Call } from "./call.ts";
import type { Fault } from "./faults.ts";

const PAGE = "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>";

/** Answers a call as the platform does, or as the fault says. */
export async function respond(
  reply: FastifyReply,
  call: Call,
  fault: Fault | undefined,
): Promise<FastifyReply> {
  if (fault === undefined) return send(reply, call.answer());
  if ("taken" in fault && fault.taken) call.answer();
  switch (fault.kind) {
    case "rate_limit":
      return send(reply, call.limited(fault.retryAfterMs));
    case "error":
      return send(reply, call.failed(fault.code));
    case "status":
      return reply
        .code(fault.status)
        .type("text/plain")
        .send(fault.body ?? "");
    case "html":
      return reply.code(200).type("text/html").send(PAGE);
    case "hang":
      return reply.hijack();
    case "reset":
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return reply;
    case "cut":
      return cut(reply, call.answer());
    case "slow":
      await sleep(fault.ms);
      return send(reply, call.answer());
  }
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply
    .code(answer.status)
    .headers({ ...answer.headers })
    .type(contentType(answer))
    .send(bytes(answer));
}

/** Promises the whole body, sends half of it and hangs up. */
function cut(reply: FastifyReply, answer: Answer): FastifyReply {
  const body = bytes(answer);
  const half = body.subarray(0, Math.floor(body.length / 2));
  reply.hijack();
  reply.raw.writeHead(answer.status, {
    ...answer.headers,
    "content-type": contentType(answer),
    "content-length": body.length,
  });
  reply.raw.write(half, () => reply.raw.destroy());
  return reply;
}

function bytes(answer: Answer): Buffer {
  return Buffer.from(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
}

function contentType(answer: Answer): string {
  return typeof answer.body === "string" ? "text/plain; charset=utf-8" : "application/json";
}

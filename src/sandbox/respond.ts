import { STATUS_CODES } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyReply } from "fastify";
import type { Answer, Call } from "./call.ts";
import type { Fault } from "./faults.ts";
import type { Ask } from "./windows.ts";

const PAGE = "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>";

/** A call that waits for its answer. */
export interface Exchange {
  readonly call: Call;
  readonly reply: FastifyReply;
  /** Hears of the wait that the answer asks for. */
  readonly asked: (ask: Ask) => void;
}

/** Answers a call as the platform does, or as the fault says. */
export async function respond(exchange: Exchange, fault: Fault | undefined): Promise<FastifyReply> {
  const { call, reply } = exchange;
  if (fault === undefined) return send(reply, answerOf(exchange));
  if ("taken" in fault && fault.taken) call.answer();
  switch (fault.kind) {
    case "rate_limit":
      return send(reply, noted(exchange, call.limited(fault)));
    case "error":
      return send(reply, noted(exchange, call.failed(fault.code)));
    case "unsaved":
      return send(reply, call.unsaved());
    case "status":
      return send(reply, statusAnswer(fault));
    case "html":
      return send(reply, { status: 200, headers: { "content-type": "text/html" }, body: PAGE });
    case "hang":
      return reply.hijack();
    case "reset":
      return reset(reply);
    case "cut":
      return cut(reply, answerOf(exchange));
    case "slow":
      await sleep(fault.ms);
      return send(reply, answerOf(exchange));
    case "drip":
      return drip(reply, answerOf(exchange), fault.ms);
  }
}

/** Sends an answer whole. */
export function send(reply: FastifyReply, answer: Answer): FastifyReply {
  return reply.code(answer.status).headers(headersOf(answer)).send(bytes(answer));
}

function answerOf(exchange: Exchange): Answer {
  return noted(exchange, exchange.call.answer());
}

function noted({ asked }: Exchange, answer: Answer): Answer {
  if (answer.ask !== undefined) asked(answer.ask);
  return answer;
}

function statusAnswer({ status, headers, body }: Fault & { readonly kind: "status" }): Answer {
  const text = status === 204 || status === 304 ? "" : (STATUS_CODES[status] ?? "");
  return { status, ...(headers === undefined ? {} : { headers }), body: body ?? text };
}

function reset(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
  return reply;
}

/** Promises the whole body, sends half of it and hangs up. */
function cut(reply: FastifyReply, answer: Answer): FastifyReply {
  const body = bytes(answer);
  if (body.length === 0) return reset(reply);
  reply.hijack();
  begin(reply, answer, body);
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.destroy());
  return reply;
}

/** Sends the headers at once and the body over a time, a byte or more at each step. */
async function drip(reply: FastifyReply, answer: Answer, ms: number): Promise<FastifyReply> {
  const body = bytes(answer);
  reply.hijack();
  begin(reply, answer, body);
  reply.raw.flushHeaders();
  const steps = Math.min(body.length, DRIPS);
  for (let step = 0; step < steps && !reply.raw.destroyed; step += 1) {
    await sleep(ms / steps);
    const [from, to] = [step, step + 1].map((at) => Math.floor((at * body.length) / steps));
    reply.raw.write(body.subarray(from, to));
  }
  reply.raw.end();
  return reply;
}

/** In how many parts at most a body is dripped. */
const DRIPS = 100;

function begin(reply: FastifyReply, answer: Answer, body: Buffer): void {
  const length = { "content-length": String(body.length) };
  reply.raw.writeHead(answer.status, { ...headersOf(answer), ...length });
}

function headersOf(answer: Answer): { readonly [name: string]: string } {
  const isText = typeof answer.body === "string";
  const type = isText ? "text/plain; charset=utf-8" : "application/json";
  return { "content-type": type, ...answer.headers };
}

function bytes(answer: Answer): Buffer {
  return Buffer.from(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Receipt } from "../pipeline/intake.ts";
import type { Source, Webhook } from "../sources/source.ts";
import { Admission } from "./admission.ts";
import { readBody } from "./body.ts";

/** What the webhook endpoint works with. */
export interface WebhookParts {
  readonly sources: () => ReadonlyMap<string, Source>;
  readonly receive: (source: Source, webhook: Webhook) => Promise<Receipt>;
  /** Called with every answer given; `source` is `unknown` for a name that the config does not have. */
  readonly onAnswer: (source: string, answer: Answer) => void;
  /** Called once an answer is sent, with the seconds since its webhook came. */
  readonly onAnswered: (source: string, seconds: number) => void;
  readonly onError: (error: unknown) => void;
  /** The largest webhook taken, in bytes. */
  readonly bodyLimit: () => number;
}

/** What a webhook was answered, as the metrics call it. */
export type Answer =
  | Receipt["status"]
  | "unknown-source"
  | "too-large"
  | "unreadable"
  | "unavailable"
  | "shed";

/** How long a vendor is asked to wait when the store cannot write, or too much comes at once, in seconds; ours. */
const RETRY_AFTER_S = 5;

/** `POST /webhooks/<source>`, in a scope of its own because bodies are taken as raw bytes whatever they claim to be. */
export function webhooks(parts: WebhookParts): (app: FastifyInstance) => Promise<void> {
  const admission = new Admission(parts.bodyLimit);
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request: FastifyRequest, body: FastifyRequest["raw"]) =>
      readBody(body, { bodyLimit: parts.bodyLimit(), admission }),
    );
    app.addHook("onRequest", (request, reply, done) => {
      // What needs no body is answered before it comes, so that only webhooks of our sources are held.
      if (admission.isFull) void shed(parts, request, reply);
      else if (sourceOf(parts, request) === undefined) void answerUnknown(parts, reply);
      else if (request.method !== "POST") void answerMethod(reply);
      else done();
    });
    app.addHook("onListen", async () => admission.watch());
    app.addHook("onClose", async () => admission.close());
    app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) =>
      answerBadRequest(parts, error, request, reply),
    );
    app.addHook("onResponse", async (request, reply) =>
      parts.onAnswered(nameOf(parts, request), reply.elapsedTime / 1000),
    );
    app.all("/webhooks/:source", (request, reply) => {
      const body = bodyOf(request);
      return admission.during(body.length, async () => {
        const source = sourceOf(parts, request);
        if (source === undefined) return answerUnknown(parts, reply);
        return receive(parts, source, { headers: headersOf(request), body }, reply);
      });
    });
  };
}

function answerUnknown(parts: WebhookParts, reply: FastifyReply): FastifyReply {
  parts.onAnswer("unknown", "unknown-source");
  return reply
    .code(404)
    .send({ error: "unknown-source", message: "The config has no source of that name." });
}

function answerMethod(reply: FastifyReply): FastifyReply {
  return reply
    .code(405)
    .header("allow", "POST")
    .send({ error: "method-not-allowed", message: "Webhooks are sent with POST." });
}

async function receive(
  parts: WebhookParts,
  source: Source,
  webhook: Webhook,
  reply: FastifyReply,
): Promise<FastifyReply> {
  let receipt: Receipt;
  try {
    receipt = await parts.receive(source, webhook);
  } catch (error) {
    parts.onAnswer(source.name, "unavailable");
    parts.onError(error);
    return reply.code(503).header("retry-after", RETRY_AFTER_S).send({
      error: "unavailable",
      message: "The webhook could not be stored. Send it again.",
    });
  }
  parts.onAnswer(source.name, receipt.status);
  if (receipt.status === "refused") {
    // One reason for all three, so that nobody can feel their way to a valid signature.
    return reply
      .code(401)
      .send({ error: "refused", message: "The signature is missing, wrong or too old." });
  }
  return reply.code(202).send({ id: receipt.id, status: receipt.status });
}

function answerBadRequest(
  parts: WebhookParts,
  error: Error & { statusCode?: number },
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error.statusCode === 503) return shed(parts, request, reply);
  const name = nameOf(parts, request);
  if (error.statusCode === 413) {
    parts.onAnswer(name, "too-large");
    return reply
      .code(413)
      .send({ error: "too-large", message: "The webhook is larger than this bridge takes." });
  }
  const status = error.statusCode ?? 500;
  if (status < 500) {
    parts.onAnswer(name, "unreadable");
    return reply
      .code(status)
      .send({ error: "bad-request", message: "The request could not be read." });
  }
  parts.onError(error);
  return reply.code(500).send({ error: "internal", message: "Something went wrong." });
}

/** Answers a webhook that is too much for now. */
function shed(parts: WebhookParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  parts.onAnswer(nameOf(parts, request), "shed");
  return reply.code(503).header("retry-after", RETRY_AFTER_S).send({
    error: "overloaded",
    message: "Too many webhooks come at once. Send it again.",
  });
}

function nameOf(parts: WebhookParts, request: FastifyRequest): string {
  return sourceOf(parts, request)?.name ?? "unknown";
}

function sourceOf(parts: WebhookParts, request: FastifyRequest): Source | undefined {
  const { source = "" } = request.params as { source?: string };
  return parts.sources().get(source);
}

function headersOf(request: FastifyRequest): Webhook["headers"] {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value[0] : value;
  return headers;
}

function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

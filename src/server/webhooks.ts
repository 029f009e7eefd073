import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Receipt } from "../pipeline/intake.ts";
import type { Source, Webhook } from "../sources/source.ts";

/** What the webhook endpoint works with. */
export interface WebhookParts {
  readonly sources: () => ReadonlyMap<string, Source>;
  readonly receive: (source: Source, webhook: Webhook) => Promise<Receipt>;
  /** Called with every answer given; `source` is `unknown` for a name that the config does not have. */
  readonly onAnswer: (source: string, answer: Answer) => void;
  readonly onError: (error: unknown) => void;
}

/** What a webhook was answered, as the metrics call it. */
export type Answer =
  | Receipt["status"]
  | "unknown-source"
  | "too-large"
  | "unreadable"
  | "unavailable";

/** How long a vendor is asked to wait when the store cannot write, in seconds; ours. */
const RETRY_AFTER_S = 5;

/** `POST /webhooks/<source>`, in a scope of its own because bodies are taken as raw bytes whatever they claim to be. */
export function webhooks(parts: WebhookParts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) =>
      answerBadRequest(parts, error, request, reply),
    );
    app.all<{ Params: { source: string } }>("/webhooks/:source", async (request, reply) => {
      const source = parts.sources().get(request.params.source);
      if (source === undefined) {
        parts.onAnswer("unknown", "unknown-source");
        return reply
          .code(404)
          .send({ error: "unknown-source", message: "The config has no source of that name." });
      }
      if (request.method !== "POST") {
        return reply
          .code(405)
          .header("allow", "POST")
          .send({ error: "method-not-allowed", message: "Webhooks are sent with POST." });
      }
      return answer(parts, source, { headers: headersOf(request), body: bodyOf(request) }, reply);
    });
  };
}

async function answer(
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
  const source = (request.params as { source?: string }).source ?? "unknown";
  const name = parts.sources().has(source) ? source : "unknown";
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

function headersOf(request: FastifyRequest): Webhook["headers"] {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value[0] : value;
  return headers;
}

function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array();
}

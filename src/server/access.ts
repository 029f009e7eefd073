import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Secret } from "../core/secret.ts";

const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
/** What proxies add; nginx speaks HTTP/1.0 to what is behind it unless told otherwise. */
const PROXIED = /^(forwarded|via|x-real-ip|x-forwarded-.*|cf-.*|true-client-ip)$/;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Lets a request pass to the API: with the admin token, or without one from this machine itself. */
export function guard(adminToken: () => Secret | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const token = adminToken();
    if (token !== null) {
      if (isBearer(request.headers.authorization, token)) return;
      await reply.code(401).header("www-authenticate", "Bearer").send({
        error: "unauthorized",
        message: "The API wants the admin token as a bearer token.",
      });
      return;
    }
    if (isLocal(request)) return;
    await reply.code(403).send({
      error: "forbidden",
      message: "Without server.admin_token in the config, the API answers on loopback only.",
    });
  };
}

function isBearer(header: string | undefined, token: Secret): boolean {
  const given = header?.match(/^Bearer (.+)$/i)?.[1];
  if (given === undefined) return false;
  return timingSafeEqual(digest(given), digest(token.reveal()));
}

/** Digests are of one length, whatever is compared. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/**
 * A request through a proxy on this machine comes from elsewhere; one for a foreign host name may be DNS rebinding, and
 * one with a foreign origin is a web page's.
 */
function isLocal(request: FastifyRequest): boolean {
  const isForwarded =
    request.raw.httpVersion === "1.0" ||
    Object.keys(request.headers).some((name) => PROXIED.test(name));
  const isLocalHost = LOOPBACK_HOST.test(request.headers.host ?? "");
  const { origin } = request.headers;
  if (origin !== undefined && !LOOPBACK_HOST.test(origin.replace(/^https?:\/\//, ""))) return false;
  return LOOPBACK.has(request.socket.remoteAddress ?? "") && isLocalHost && !isForwarded;
}
